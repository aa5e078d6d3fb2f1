using System.Text.Json.Nodes;

namespace Idflow.Scripting.Tests;

/// <summary>Results and texts are those that a Conductor OSS server 3.32.1 gave for the same scripts.</summary>
public sealed class JavaScriptSandboxTests
{
    private readonly JavaScriptSandbox _sandbox = new();

    private JsonNode? Run(string script, string input = "{}") =>
        _sandbox.Evaluate(script, new Dictionary<string, JsonNode?> { ["$"] = JsonNode.Parse(input) });

    private ScriptException Fail(string script, string input = "{}") => Assert.Throws<ScriptException>(() => Run(script, input));

    [Theory]
    [InlineData("1 + 2", "3")]
    [InlineData("-7", "-7")]
    [InlineData("7 / 2", "3.5")]
    [InlineData("2.5 * 2", "5")]
    [InlineData("Math.pow(2, 31)", "2147483648")]
    [InlineData("9007199254740991", "9007199254740991")]
    [InlineData("1 / 3", "0.3333333333333333")]
    [InlineData("'a' + 'b'", "\"ab\"")]
    [InlineData("1 < 2", "true")]
    [InlineData("[1, 'a', null, [true, 2.5], {}]", """[1,"a",null,[true,2.5],{}]""")]
    [InlineData("({ a: { b: [1, { c: 'd' }] }, 'odd key': 1 })", """{"a":{"b":[1,{"c":"d"}]},"odd key":1}""")]
    [InlineData("null", "null")]
    [InlineData("undefined", "null")]
    [InlineData("(function () { var x = 1; })()", "null")]
    [InlineData("0 / 0", "\"NaN\"")]
    [InlineData("1 / 0", "\"Infinity\"")]
    [InlineData("1e21", "1E+21")]
    [InlineData("-0", "0")]
    [InlineData("10n", "10")]
    [InlineData("123456789012345678901234567890n", "123456789012345678901234567890")]
    [InlineData("[1, undefined, 3]", "[1,null,3]")]
    [InlineData("[1, , 3]", "[1,null,3]")]
    [InlineData("({ a: undefined, b: 1 })", """{"a":null,"b":1}""")]
    [InlineData("new String('s')", "\"s\"")]
    [InlineData("({ get a() { return 5; } })", """{"a":5}""")]
    [InlineData("new Map([['a', 1]])", """{"a":1}""")]
    [InlineData("new Set([1, 2])", "[1,2]")]
    [InlineData("new Date(0)", "\"1970-01-01T00:00:00.000Z\"")]
    [InlineData("new Date(NaN)", "null")]
    [InlineData("(function f() {})", "{}")]
    [InlineData("/a/g", "{}")]
    [InlineData("new Uint8Array([1, 2])", "[1,2]")]
    [InlineData("eval('21 * 2')", "42")]
    [InlineData("new Function('a', 'return a + 1')(1)", "2")]
    [InlineData("let s = { }; s['\\u00e9\\ud83d\\ude00\"'] = '</script>'; s", """{"é😀\"":"</script>"}""")]
    public void The_last_value_becomes_json(string script, string expected) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), Run(script)), Run(script)?.ToJsonString());

    [Theory]
    [InlineData("Object.keys($.map).join()", "\"a,b\"")]
    [InlineData("JSON.stringify($.map)", "\"{\\\"a\\\":1,\\\"b\\\":[2]}\"")]
    [InlineData("'' + $.list", "\"1,2\"")]
    [InlineData("({ ...$.map, c: $.list.map(x => x * 2) })", """{"a":1,"b":[2],"c":[2,4]}""")]
    [InlineData("$.list.push(3); $.list", "[1,2,3]")]
    [InlineData("'a' in $.map", "true")]
    [InlineData("$.big", "1234567890123")]
    public void Input_is_made_of_plain_objects(string script, string expected) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), Run(script, """{"map":{"a":1,"b":[2]},"list":[1,2],"big":1234567890123}""")!.ToJsonString());

    [Fact]
    public void A_script_leaves_nothing_behind()
    {
        Run("leak = 5; Array.prototype.join = null; leak");
        Assert.Equal("undefined 1,2", (string?)Run("typeof leak + ' ' + [1, 2].join()"));
    }

    [Fact]
    public void Changes_to_the_input_stay_in_the_script()
    {
        var input = JsonNode.Parse("""{"a":[1]}""");
        _sandbox.Evaluate("$.a.push(2); $.b = 1", new Dictionary<string, JsonNode?> { ["$"] = input });
        Assert.Equal("""{"a":[1]}""", input!.ToJsonString());
    }

    [Theory]
    [InlineData("console")]
    [InlineData("print")]
    [InlineData("load")]
    [InlineData("require")]
    [InlineData("process")]
    [InlineData("fetch")]
    [InlineData("setTimeout")]
    [InlineData("System")]
    [InlineData("importNamespace")]
    public void The_host_is_out_of_reach(string name) => Assert.Equal("undefined", (string?)Run($"typeof {name}"));

    [Theory]
    [InlineData("throw new TypeError('wrong type')", "Error evaluating the script `TypeError: wrong type`")]
    [InlineData("throw new Error('cannot say')", "Error evaluating the script `Error: cannot say`")]
    [InlineData("throw 'plain text'", "Error evaluating the script `plain text` at line 1")]
    [InlineData("\nthrow 42", "Error evaluating the script `42` at line 2")]
    [InlineData("function f() {\n  throw new RangeError('deep');\n}\nf();", "Error evaluating the script `RangeError: deep`")]
    [InlineData("const e = new Error('kept');\nthrow (e);", "Error evaluating the script `Error: kept`")]
    [InlineData("\n\nnosuchName + 1", "Error evaluating the script `ReferenceError: nosuchName is not defined` at line 3")]
    [InlineData("\n$.nothing.a", "Error evaluating the script `TypeError: Cannot read properties of undefined (reading 'a')` at line 2")]
    public void Errors_read_as_conductors(string script, string expected) => Assert.Equal(expected, Fail(script).Message);

    [Fact]
    public void A_syntax_error_names_its_line()
    {
        var error = Fail("1;\nvar = ;");
        Assert.Equal((ScriptFailure.Syntax, 2), (error.Failure, error.Line));
        Assert.StartsWith("Error evaluating the script `SyntaxError: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("at line 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(ScriptFailure.Syntax, Assert.Throws<ScriptException>(() => _sandbox.CheckSyntax("if (")).Failure);
        _sandbox.CheckSyntax("throw 1");
    }

    [Fact]
    public void A_getter_that_throws_fails_the_script() =>
        Assert.Equal("Error evaluating the script `Error: no`", Fail("({ get a() { throw new Error('no'); } })").Message);

    [Fact]
    public void A_result_that_contains_itself_is_refused() => Assert.Contains("contains itself", Fail("let a = {}; a.a = a; a").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("if ($.n > 1) { return { big: true, n: $.n }; } else { return { big: false }; }", """{"big":true,"n":2}""")]
    [InlineData("var x = 1;", "null")]
    [InlineData("return 1; // done", "1")]
    public void A_lambda_returns(string body, string expected) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), Run(ScriptForms.Lambda(body), """{"n":2}""")));

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("1", true)]
    [InlineData("0.5", true)]
    [InlineData("0", false)]
    [InlineData("-1", false)]
    [InlineData("\"true\"", false)]
    [InlineData("null", false)]
    [InlineData("[]", false)]
    public void Only_true_and_positive_numbers_are_true(string json, bool expected) => Assert.Equal(expected, ScriptForms.IsTrue(JsonNode.Parse(json)));

    [Fact]
    public void The_cache_stays_within_its_bound()
    {
        var small = new JavaScriptSandbox(new() { CachedScripts = 3 });
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(i, (int)small.Evaluate($"{i}", new Dictionary<string, JsonNode?>())!);
        }
    }

    [Fact]
    public void Many_threads_share_one_sandbox() =>
        Parallel.For(0, 200, i => Assert.Equal(i, (int)Run("let x = $.i; x", $$"""{"i":{{i}}}""")!));
}
