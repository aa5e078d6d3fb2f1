using System.Numerics;
using CsCheck;
using Idflow.Documents.Model;
using Idflow.Documents.Query;
using static Idflow.Documents.Tests.Query.Documents;

namespace Idflow.Documents.Tests.Query;

public sealed class PropertyValueTests
{
    public static TheoryData<string, object?> Typed() => new()
    {
        { "5", 5L }, { "-0", 0L }, { "0.72", 0.72 }, { "3.0", 3.0 }, { "1e3", 1000.0 }, { "123456789012345678901", BigInteger.Parse("123456789012345678901", null) },
        { "true", true }, { "false", false }, { "null", null }, { "True", "True" }, { "yes", "yes" },
        { "\"5\"", "5" }, { "\"a\\n\\\"b\"", "a\n\"b" }, { "'it''s'", "it's" }, { "''", "" }, { "\"\"", "" },
        { "\"a\" and \"b\"", "\"a\" and \"b\"" }, { "'a' and 'b'", "'a' and 'b'" }, { "\"", "\"" }, { "'", "'" },
        { "007", "007" }, { "+5", "+5" }, { "1_000", "1_000" }, { "0x1F", "0x1F" }, { ".5", ".5" }, { "5.", "5." }, { "-", "-" },
        { "1.10.2", "1.10.2" }, { "2026-01-01", "2026-01-01" }, { "1e999", "1e999" }, { " 5", " 5" }, { "", "" }, { "a=b", "a=b" }, { "5 6", "5 6" },
    };

    [Theory]
    [MemberData(nameof(Typed))]
    public void Set_types_numbers_booleans_null_and_quoted_text_only(string text, object? expected) =>
        Assert.Equal(expected, PropertyValue.Normalize(PropertyValueParser.Parse(text)));

    [Theory]
    [InlineData("1.10", "1.10")]
    [InlineData("-0.0", null)]
    [InlineData("-0", "-0")]
    [InlineData("0.50", "0.50")]
    [InlineData("1.0e+05", "1.0e+05")]
    [InlineData("2.5e3", null)]
    [InlineData("1e3", null)]
    [InlineData("7", null)]
    public void A_number_keeps_the_text_that_reads_as_it_in_a_front_matter(string text, string? kept) =>
        Assert.Equal(kept, (PropertyValueParser.Parse(text) as WrittenNumber)?.Text);

    [Fact]
    public void Any_text_in_json_quotes_is_that_text() =>
        Gen.String.Where(text => !text.Any(char.IsSurrogate)).Sample(text => Assert.Equal(text, PropertyValueParser.Parse(PropertyJson.Write(text))), iter: 5_000);

    [Theory]
    [InlineData("no-equals", "--set no-equals=value")]
    [InlineData("=x", "--set key=value")]
    [InlineData("", "--set key=value")]
    public void An_assignment_without_name_or_value_says_what_is_needed(string assignment, string expected) =>
        Assert.Contains(expected, Assert.Throws<FilterException>(() => PropertyValueParser.Split(assignment, "--set")).Message, StringComparison.Ordinal);

    [Fact]
    public void Json_keeps_order_and_types()
    {
        var value = PropertyJson.Parse("""{"b": 1, "a": [1.0, null, true, "x", 12345678901234567890], "b": 2}""");

        Assert.Equal("""{"b":2,"a":[1.0,null,true,"x",12345678901234567890]}""", PropertyJson.Write(value));
        Assert.Equal(1.0, Assert.IsType<List<object?>>(((Model.PropertyMap)value!)["a"])[0]);
    }

    [Theory]
    [InlineData("{\"a\": }", "line 1, column 7")]
    [InlineData("[1,\n2", "line 2")]
    [InlineData("plain", "line 1, column 1")]
    [InlineData("1 2", "line 1")]
    [InlineData("", "line 1")]
    public void Broken_json_is_refused_with_its_place(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<FilterException>(() => PropertyJson.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Text_of_values_is_what_people_write() => Assert.Equal(
        "3 3.0 1e+20 .inf .nan true null 2026-01-15 2026-01-15T12:30:00+02:00 [\"a\",1] {\"k\":\"ü\"}",
        string.Join(' ', new object?[]
        {
            3L, 3.0, 1e20, double.PositiveInfinity, double.NaN, true, null, new DateOnly(2026, 1, 15),
            new DateTimeOffset(2026, 1, 15, 12, 30, 0, TimeSpan.FromHours(2)), List("a", 1L), Map(("k", "ü")),
        }.Select(PropertyText.Of)));
}
