using System.Text.Json;
using Idflow.Engine.Expressions;

namespace Idflow.Engine.Tests.Expressions;

public sealed class ForeignJsonTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData("""{"a":1,"b":2,"a":3}""", """{"a":3,"b":2}""")]
    [InlineData("""[{"a":{"x":1,"x":[{"y":1,"y":null}]}},1.50,true,null]""", """[{"a":{"x":[{"y":null}]}},1.50,true,null]""")]
    [InlineData("7", "7")]
    public void Of_a_name_that_stands_twice_the_last_one_counts(string text, string read) => Assert.Equal(read, ForeignJson.Parse(text)!.ToJsonString());

    [Fact]
    public void Null_is_no_node() => Assert.Null(ForeignJson.Parse("null"));

    [Theory]
    [InlineData("{broken")]
    [InlineData("")]
    [InlineData("[[[1]]]")]
    public void Other_texts_are_refused(string text) => Assert.ThrowsAny<JsonException>(() => ForeignJson.Parse(text, maxDepth: 2));
}
