using System.Text.Json.Nodes;
using CsCheck;
using Idflow.Engine.Expressions;
using Idflow.Engine.Jq;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Engine.Tests.Jq;

public sealed class JqInterpreterTests
{
    private static readonly JqInterpreter Interpreter = new();

    private static string Run(string program, string input = "null") =>
        string.Join(' ', Interpreter.Evaluate(program, JsonNode.Parse(input)).Select(value => value?.ToJsonString() ?? "null"));

    private static string Fail(string program, string input = "null") => Assert.Throws<JqException>(() => Run(program, input)).Message;

    [Theory]
    [InlineData("-", "1", "")]
    [InlineData("(", "1", ")")]
    [InlineData("try ", "1", "")]
    [InlineData("1 // ", "1", "")]
    [InlineData("if 1 then ", "1", " end")]
    [InlineData("def f: ", "1; 1", "; 1")]
    public void Programs_nested_too_deeply_are_refused(string open, string core, string close) =>
        Assert.Contains("too deeply", Fail(string.Concat(Enumerable.Repeat(open, 200_000)) + core + string.Concat(Enumerable.Repeat(close, 200_000))), StringComparison.Ordinal);

    /// <summary>Whatever their length: an answer or a refusal, never a stack that overflows (which would end the tests).</summary>
    [Theory]
    [InlineData("1", " + 1")]
    [InlineData("1", ", 1")]
    [InlineData("false", " or false")]
    [InlineData("1", " | .")]
    [InlineData(".a", ".a")]
    [InlineData(".a", ".a?")]
    [InlineData(".", "[]?")]
    [InlineData(".", "[1:]")]
    [InlineData("1", " as $x | $x")]
    [InlineData("1", " == 1 | not")]
    public void Chains_of_any_length_end(string first, string next)
    {
        for (var links = 500; links < 20_000; links += links / 2)
        {
            try
            {
                Run(first + string.Concat(Enumerable.Repeat(next, links)));
            }
            catch (JqException refused)
            {
                Assert.Contains("too deeply", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>What is newer than the jq that gave the recorded answers.</summary>
    [Theory]
    [InlineData("[\" a \" | trim, ltrim, rtrim]", "[\"a\",\"a \",\" a\"]")]
    [InlineData("1 | toarray", "[1]")]
    [InlineData("[1, 2] | add(.[])", "3")]
    [InlineData("\"abc\" | reverse", "\"cba\"")]
    [InlineData("[\"x\" | @base32, (@base32 | @base32d)]", "[\"PA======\",\"x\"]")]
    [InlineData("1425599507 | strftime(\"%A %d %B %Y %j %T %Z\")", "\"Thursday 05 March 2015 064 23:51:47 UTC\"")]
    [InlineData("[{name: \"a\", value: 1}, {k: null, v: 2}] | from_entries | [.a, .null]", "[1,2]")]
    [InlineData("[1, 2, 3] | [skip(1; .[])]", "[2,3]")]
    public void Newer_functions_are_there(string program, string expected) => Assert.Equal(expected, Run(program));

    [Theory]
    [InlineData(".a | error", """{"a":{"b":1}}""", """{"b":1}""")]
    [InlineData("error(\"plain\")", "null", "plain")]
    [InlineData(".text.a", """{"text":"x"}""", "Cannot index string with string \"a\"")]
    [InlineData(".[]", "5", "Cannot iterate over number (5)")]
    [InlineData("{} + 1", "null", "object ({}) and number (1) cannot be added")]
    public void Errors_have_jqs_text(string program, string input, string expected) => Assert.Equal(expected, Fail(program, input));

    [Theory]
    [InlineData("1 +\n  nope", "nope/0 is not defined at line 2")]
    [InlineData(".a as $x | $y", "$y is not defined")]
    [InlineData("[1, 2", "line 1, column 6")]
    [InlineData("if 1 then 2", "expected 'end'")]
    [InlineData("{a: }", "unexpected '}'")]
    [InlineData("@nope", "@nope is not a valid format")]
    [InlineData("\"abc", "expected '\"'")]
    [InlineData("import \"x\" as y; 1", "unexpected")]
    [InlineData(". as {", "unexpected")]
    [InlineData(". as { # a remark", "unexpected")]
    public void What_is_no_program_says_where(string program, string part) => Assert.Contains(part, Fail(program), StringComparison.Ordinal);

    [Theory]
    [InlineData("def f: f; f")]
    [InlineData("def f: 1 + f; f")]
    [InlineData("[repeat(1)]")]
    [InlineData("def f: def g: f; g; f")]
    [InlineData("reduce range(1e9) as $x (0; . + 1)")]
    [InlineData("[range(1e9)]")]
    [InlineData("last(range(1e12))")]
    [InlineData("[limit(1e9; repeat(0))] | length")]
    [InlineData("reduce range(100) as $i (\"x\"; . + .)")]
    [InlineData("\"x\" * 1e9")]
    [InlineData("[[0]] | .[0][1e9] = 1")]
    [InlineData("until(false; .)")]
    [InlineData("try (def f: f; f) catch \"caught\"")]
    [InlineData("reduce range(100000) as $i (0; [.]) | tojson | length")]
    [InlineData("reduce range(100000) as $i (0; [.])")]
    public void Endless_programs_end(string program)
    {
        string? message = null;
        var impatient = new JqInterpreter(timeout: TimeSpan.FromMilliseconds(200));
        var thread = new Thread(() => message = Assert.Throws<JqException>(() => impatient.Evaluate(program, null)).Message, 1 << 20);
        thread.Start();
        thread.Join();
        Assert.NotEmpty(message!);
    }

    [Fact]
    public void Deep_programs_are_refused() => Assert.Contains("deep", Fail(new string('[', 100_000)), StringComparison.Ordinal);

    [Fact]
    public void Nothing_outside_is_in_reach()
    {
        Assert.Equal("{} {}", Run("env, $ENV"));
        Assert.Equal("[]", Run("[inputs]"));
        Assert.Equal("No more inputs", Fail("input"));
    }

    [Fact]
    public void The_clock_is_the_given_one()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_500_000_000_250));
        Assert.Equal(1_500_000_000.25, (double)new JqInterpreter(time).Evaluate("now", null)[0]!);
    }

    [Fact]
    public void Large_numbers_keep_their_digits_until_they_are_computed_with()
    {
        Assert.Equal("12345678901234567890", Run(".a", """{"a":12345678901234567890}"""));
        Assert.Equal("9007199254740993", Run(".", "9007199254740993"));
        Assert.Equal("5000000000000", Run("5000000 * 1000000"));
    }

    [Fact]
    public void The_input_stays_as_it_is()
    {
        var input = JsonNode.Parse("""{"a":[1]}""")!;
        Interpreter.Evaluate(".a[0] = 2 | .b = 1", input);
        Assert.Equal("""{"a":[1]}""", input.ToJsonString());
    }

    private static readonly string[] Pieces =
    [
        ".", "..", ".a", "[", "]", "{", "}", "(", ")", "|", ",", "//", "?", "\"x\"", "\"\\(", "1", "$x", "as", "if", "then", "else", "end", "reduce", "try", "catch", "def f:", ";", ":", "+", "-", "*",
        "==", "and", "map", "select", "empty", "error", "path", "|=", "=", "@base64", "label $l", "break $l", "limit", "range(3)", " ", "\n", "#", "'", "é",
    ];

    [Fact]
    public void Any_text_runs_or_says_why_not() => Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 12].Select(parts => string.Join(' ', parts)).Sample(
        program =>
        {
            try
            {
                Interpreter.Evaluate(program, JsonNode.Parse("""{"a":[1,{"b":null}]}"""));
                return true;
            }
            catch (JqException exception)
            {
                return exception.Message.Length > 0;
            }
        },
        iter: 3_000);
}
