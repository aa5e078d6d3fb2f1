using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using Idflow.Engine.Expressions;
using Idflow.Engine.Expressions.Paths;

namespace Idflow.Engine.Tests.Expressions;

public sealed class ExpressionPropertyTests
{
    private static readonly string[] Pieces =
    [
        "$", "{", "}", "${", "$${", "a", "workflow", ".", "..", "[", "]", "(", ")", "?", "@", "*", "'", "\"", " ", "0", "-1", ":", ",", "==", "&&", "!", "/", "\\", "length()", "\n", "é", "input",
    ];

    private static readonly Gen<string> Tokens = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 24].Select(string.Concat);

    private static readonly JsonScope Scope = new(JsonNode.Parse("""{"workflow":{"input":{"a":[1,{"a":"x"}]}},"a":{"a":null}}""")!.AsObject());

    [Fact]
    public void Any_text_evaluates_without_an_error() => Tokens.Sample(
        text => new ExpressionEvaluator().Evaluate(JsonValue.Create(text), Scope),
        iter: 20_000);

    [Fact]
    public void Any_text_is_a_path_or_has_an_error() => Tokens.Sample(
        text =>
        {
            if (JsonPath.TryParse(text, out var path, out var error))
            {
                path.Evaluate(Scope.Whole());
                return error is null;
            }

            return error.Length > 0;
        },
        iter: 20_000);

    [Fact]
    public void A_text_without_expressions_stays_as_it_is() => Gen.String.Sample(
        text => text.Contains("${", StringComparison.Ordinal) || (string?)new ExpressionEvaluator().Evaluate(JsonValue.Create(text), Scope) == text);

    [Fact]
    public void A_value_comes_out_of_a_whole_expression_as_it_went_in() => Json.Sample(
        value =>
        {
            var scope = new JsonScope(new JsonObject { ["workflow"] = new JsonObject { ["input"] = new JsonObject { ["odd key"] = value?.DeepClone() } } });
            return JsonNode.DeepEquals(value, new ExpressionEvaluator().Evaluate(JsonValue.Create("${workflow.input['odd key']}"), scope));
        });

    [Fact]
    public void An_escaped_expression_is_never_evaluated() => Gen.Char.AlphaNumeric.Array[1, 12].Select(chars => new string(chars)).Sample(
        name => (string?)new ExpressionEvaluator().Evaluate(JsonValue.Create($"- $${{{name}}}"), Scope) == $"- ${{{name}}}");

    [Fact]
    public void Javas_text_of_a_double_reads_back_as_the_same_double() => Gen.Double.Sample(
        number => !double.IsFinite(number) || BitConverter.DoubleToInt64Bits(double.Parse(JavaText.Double(number), CultureInfo.InvariantCulture)) == BitConverter.DoubleToInt64Bits(number));

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(1, "1.0")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.00099, "9.9E-4")]
    [InlineData(9999999, "9999999.0")]
    [InlineData(10000000, "1.0E7")]
    [InlineData(12345678.9, "1.23456789E7")]
    [InlineData(100, "100.0")]
    [InlineData(1e21, "1.0E21")]
    [InlineData(-1e-44, "-1.0E-44")]
    [InlineData(9.5e-44, "9.5E-44")]
    public void Doubles_read_as_in_java(double number, string expected) => Assert.Equal(expected, JavaText.Double(number));

    private static readonly Gen<JsonNode?> Json = Gen.Recursive<JsonNode?>((depth, self) => depth > 3
        ? Gen.Int.Select(number => (JsonNode?)JsonValue.Create(number))
        : Gen.OneOf(
            Gen.Const((JsonNode?)null),
            Gen.Bool.Select(flag => (JsonNode?)JsonValue.Create(flag)),
            Gen.Double[-1e9, 1e9].Select(number => (JsonNode?)JsonValue.Create(number)),
            Gen.String.Select(text => (JsonNode?)JsonValue.Create(text)),
            self.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])),
            Gen.Select(Gen.String, self).Array[0, 3].Select(pairs =>
            {
                var map = new JsonObject();
                foreach (var (key, value) in pairs)
                {
                    map[key] = value?.DeepClone();
                }

                return (JsonNode?)map;
            })));
}
