using System.Text.Json.Nodes;
using Idflow.Engine.Expressions;

namespace Idflow.Engine.Tests.Expressions;

/// <summary>Values are those that a Conductor OSS server 3.32.1 gave for the same expressions.</summary>
public sealed class ExpressionEvaluatorTests
{
    private const string Context = """
        {"workflow":{"workflowId":"w1","input":{"name":"Ada","key":"name","age":36,"ratio":0.25,"big":1234567890123,"ok":true,"nothing":null,
        "address":{"city":"London","lines":["1 High St","Flat 2"]},"tags":["x","y","z"],"rows":[{"id":1,"v":"one"},{"id":2,"v":"two"}],
        "odd key":"spaced","dotted.key":"dot","price":"$5 ${workflow.input.name}","whole":5.0,"huge":1e21,"small":0.0001}},
        "my-task":{"output":{"n":1}}}
        """;

    private static readonly JsonScope Scope = new(JsonNode.Parse(Context)!.AsObject(), "t1");

    private static readonly ExpressionVariables Variables = new(
        name => name switch { "REGION" => "eu", "JSON" => """{"a":{"b":[7]}}""", _ => null },
        name => name == "HOSTNAME_ALLOWED" ? "box" : null);

    private static readonly ExpressionEvaluator Evaluator = new(Variables);

    private static string? Json(string expression, IExpressionScope? scope = null) => Evaluator.Evaluate(JsonValue.Create(expression), scope ?? Scope)?.ToJsonString();

    private static string? Text(string expression, IExpressionScope? scope = null) => (string?)Evaluator.Evaluate(JsonValue.Create(expression), scope ?? Scope);

    [Theory]
    [InlineData("${workflow.input.name}", "\"Ada\"")]
    [InlineData("${workflow.input.age}", "36")]
    [InlineData("${workflow.input.ratio}", "0.25")]
    [InlineData("${workflow.input.big}", "1234567890123")]
    [InlineData("${workflow.input.ok}", "true")]
    [InlineData("${workflow.input.nothing}", null)]
    [InlineData("${workflow.input.nope}", null)]
    [InlineData("${workflow.input.nope.deeper[0]}", null)]
    [InlineData("${nobody.output.x}", null)]
    [InlineData("${my-task.output.n}", "1")]
    [InlineData("${workflow.input.address}", """{"city":"London","lines":["1 High St","Flat 2"]}""")]
    [InlineData("${workflow.input.tags}", """["x","y","z"]""")]
    [InlineData("${workflow.input.tags[1]}", "\"y\"")]
    [InlineData("${workflow.input.rows[1].v}", "\"two\"")]
    [InlineData("${workflow.input.address.lines[0]}", "\"1 High St\"")]
    [InlineData("${workflow.input.rows[*].v}", """["one","two"]""")]
    [InlineData("${workflow.input.tags[-1]}", "\"z\"")]
    [InlineData("${workflow.input.tags[0:2]}", """["x","y"]""")]
    [InlineData("${workflow.input.tags[0,2]}", """["x","z"]""")]
    [InlineData("${workflow.input.rows[?(@.id == 2)].v}", """["two"]""")]
    [InlineData("${workflow.input.rows[?(@.id > 9)]}", "[]")]
    [InlineData("${workflow.input..city}", """["London"]""")]
    [InlineData("${$..city}", """["London"]""")]
    [InlineData("${..city}", null)]
    [InlineData("${workflow.input['odd key']}", "\"spaced\"")]
    [InlineData("${workflow.input['dotted.key']}", "\"dot\"")]
    [InlineData("${workflow.input.tags.length()}", "3")]
    [InlineData("${workflow.input.rows[*].nope}", "[]")]
    [InlineData("${workflow.nope[*].nope}", "[]")]
    [InlineData("${nobody.output[*]}", "[]")]
    [InlineData("${workflow.input.address.keys()}", """["city","lines"]""")]
    [InlineData("${$.workflow.input.name}", "\"Ada\"")]
    [InlineData("${*.output.n}", "[1]")]
    [InlineData("${workflow input}", null)]
    [InlineData("${workflow.}", null)]
    [InlineData("${1 + 1}", null)]
    [InlineData("${}", "\"\"")]
    [InlineData("${  }", "\"\"")]
    [InlineData("${workflow.input.${workflow.input.key}}", "\"Ada\"")]
    [InlineData("${workflow.input.price}", "\"$5 ${workflow.input.name}\"")]
    [InlineData("${CPEWF_TASK_ID}", "\"t1\"")]
    [InlineData("${HOSTNAME_ALLOWED}", "\"box\"")]
    [InlineData("${PATH}", null)]
    [InlineData("${workflow.env.REGION}", "\"eu\"")]
    [InlineData("${workflow.env.NOPE}", null)]
    [InlineData("${workflow.env.JSON.a.b[0]}", "7")]
    [InlineData("${workflow.env.REGION.a}", null)]
    [InlineData("${workflow.secrets.KEY}", "\"${workflow.secrets.KEY}\"")]
    public void A_whole_expression_keeps_its_type(string expression, string? expected) =>
        Assert.Equal(expected, Evaluator.Evaluate(JsonValue.Create(expression), Scope) is { } value ? value.ToJsonString(Relaxed) : null);

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("${workflow.input.name} lives in ${workflow.input.address.city}", "Ada lives in London")]
    [InlineData("${workflow.input.name}${workflow.input.age}", "Ada36")]
    [InlineData("ratio=${workflow.input.ratio}", "ratio=0.25")]
    [InlineData("big=${workflow.input.big}", "big=1234567890123")]
    [InlineData("ok=${workflow.input.ok}", "ok=true")]
    [InlineData("nothing=${workflow.input.nothing}", "nothing=null")]
    [InlineData("missing=${workflow.input.nope}", "missing=null")]
    [InlineData("tags=${workflow.input.tags}", "tags=[x, y, z]")]
    [InlineData("row=${workflow.input.rows[0]}", "row={id=1, v=one}")]
    [InlineData("rows=${workflow.input.rows}", "rows=[{id=1, v=one}, {id=2, v=two}]")]
    [InlineData("first=${workflow.input.rows[0].id}!", "first=1!")]
    [InlineData(" ${workflow.input.age}", " 36")]
    [InlineData("${workflow.input.whole} ${workflow.input.huge} ${workflow.input.small}", "5.0 1.0E21 1.0E-4")]
    [InlineData("http://host/${workflow.input.name}?n=${workflow.input.age}&x=1", "http://host/Ada?n=36&x=1")]
    [InlineData("$${workflow.input.name}", "${workflow.input.name}")]
    [InlineData("$$${x}", "$${x}")]
    [InlineData("say $${workflow.input.name} to ${workflow.input.name}", "say ${workflow.input.name} to Ada")]
    [InlineData("$ and $$ and $x", "$ and $$ and $x")]
    [InlineData("{a} }{ { {b}", "{a} }{ { {b}")]
    [InlineData("${workflow.input.name", "${workflow.input.name")]
    [InlineData("${a{b}", "${a{b}")]
    [InlineData("a}b", "a}b")]
    [InlineData("$${x} costs $5", "${x} costs $5")]
    [InlineData("${workflow.input.name}\n${workflow.input.key}", "Ada\nname")]
    [InlineData("{\"n\": \"${workflow.input.name}\"}", "{\"n\": \"Ada\"}")]
    [InlineData("}${workflow.input.name}{", "}Ada{")]
    [InlineData("${open ${workflow.input.name}", "${open Ada")]
    [InlineData("task ${CPEWF_TASK_ID} of ${workflow.workflowId}", "task t1 of w1")]
    [InlineData("[${}]", "[]")]
    [InlineData("key ${workflow.secrets.KEY}", "key ${workflow.secrets.KEY}")]
    [InlineData("as is ${workflow.input.price}", "as is $5 ${workflow.input.name}")]
    public void Expressions_in_a_text_become_javas_text(string text, string expected) => Assert.Equal(expected, Text(text));

    [Fact]
    public void Without_a_task_its_id_stays_a_literal()
    {
        var scope = new JsonScope([]);
        Assert.Equal("${CPEWF_TASK_ID}", Text("${CPEWF_TASK_ID}", scope));
        Assert.Equal("id ${CPEWF_TASK_ID}", Text("id ${CPEWF_TASK_ID}", scope));
    }

    [Fact]
    public void Maps_and_lists_are_evaluated_at_any_depth_but_never_their_keys()
    {
        var template = JsonNode.Parse("""{"${workflow.input.name}":{"c":["${workflow.input.age}",{"d":"${workflow.input.tags}"},"fixed",3,null]}}""");
        var before = template!.ToJsonString();
        Assert.Equal("""{"${workflow.input.name}":{"c":[36,{"d":["x","y","z"]},"fixed",3,null]}}""", Evaluator.Evaluate(template, Scope)!.ToJsonString());
        Assert.Equal(before, template.ToJsonString());
    }

    [Fact]
    public void A_value_is_copied_out_of_the_scope()
    {
        var first = Evaluator.Evaluate(JsonNode.Parse("""["${workflow.input.tags}","${workflow.input.tags}"]"""), Scope)!.AsArray();
        first[0]!.AsArray().Clear();
        Assert.Equal("""["x","y","z"]""", Json("${workflow.input.tags}"));
        Assert.Equal(3, first[1]!.AsArray().Count);
    }

    [Fact]
    public void The_scope_is_asked_for_the_plain_keys_in_front()
    {
        var scope = new RecordingScope();
        Assert.Equal("5", Json("${loop.output['1'].x[0]}", scope));
        Assert.Equal("loop,output,1,x", string.Join(',', scope.Asked));
    }

    [Fact]
    public void Expressions_nested_without_end_are_no_danger()
    {
        var text = string.Concat(Enumerable.Repeat("${", 50_000)) + "x" + new string('}', 50_000);
        Assert.Null(Evaluator.Evaluate(JsonValue.Create(text), Scope));
        Assert.Equal(new string('{', 3) + string.Concat(Enumerable.Repeat("${", 50_000)), Text(new string('{', 3) + string.Concat(Enumerable.Repeat("${", 50_000))));
    }

    [Theory]
    [InlineData("""{"a":"${workflow.secrets.TOKEN}"}""", """{"a":"s3cret"}""")]
    [InlineData("""{"a":["Bearer ${workflow.secrets.TOKEN}!"]}""", """{"a":["Bearer s3cret!"]}""")]
    [InlineData("""{"a":"x${workflow.secrets.NOPE}y","b":"${workflow.secrets.NOPE}"}""", """{"a":"xy","b":null}""")]
    [InlineData("""{"a":"${workflow.secrets.DB.password}","b":"${workflow.secrets.DB.nope}"}""", """{"a":"p","b":null}""")]
    [InlineData("""{"a":"$${workflow.secrets.TOKEN} ${workflow.input.name}"}""", """{"a":"$${workflow.secrets.TOKEN} ${workflow.input.name}"}""")]
    public void Secrets_are_filled_in_at_the_hand_out(string input, string expected) =>
        Assert.Equal(expected, SecretResolver.Resolve(JsonNode.Parse(input)!.AsObject(), name => name switch { "TOKEN" => "s3cret", "DB" => """{"password":"p"}""", _ => null }).ToJsonString());

    private sealed class RecordingScope : IExpressionScope
    {
        public IReadOnlyList<string> Asked { get; private set; } = [];

        public string? TaskId => null;

        public bool TryResolve(IReadOnlyList<string> keys, out int used, out JsonNode? value)
        {
            Asked = keys;
            used = 3;
            value = JsonNode.Parse("""{"x":[5]}""");
            return true;
        }

        public JsonObject Whole() => throw new InvalidOperationException("The whole context must not be put together for this.");
    }
}
