using System.Text.Json.Nodes;
using Idflow.Engine.Expressions.Paths;

namespace Idflow.Engine.Tests.Expressions;

public sealed class JsonPathTests
{
    private const string Store = """
        {"store":{"book":[
          {"category":"reference","author":"Nigel","title":"Sayings","price":8.95},
          {"category":"fiction","author":"Evelyn","title":"Sword","price":12.99,"tags":["a","b"]},
          {"category":"fiction","author":"Herman","title":"Moby","isbn":"0-553","price":8.99},
          {"category":"fiction","author":"J. R. R.","title":"Lord","isbn":"0-395","price":22.99,"sold":null}],
         "bicycle":{"color":"red","price":19.95}},"limit":10,"n":[3,1,2],"words":["a","b"],"empty":[]}
        """;

    private static string? Eval(string path, string json = Store)
    {
        Assert.True(JsonPath.TryParse(path, out var parsed, out var error), error);
        return parsed.Evaluate(JsonNode.Parse(json))?.ToJsonString();
    }

    [Theory]
    [InlineData("$.store.book[*].author", """["Nigel","Evelyn","Herman","J. R. R."]""")]
    [InlineData("$..author", """["Nigel","Evelyn","Herman","J. R. R."]""")]
    [InlineData("$.store..price", "[8.95,12.99,8.99,22.99,19.95]")]
    [InlineData("$..book[2].title", """["Moby"]""")]
    [InlineData("$..book[-1:].title", """["Lord"]""")]
    [InlineData("$..book[0,1].title", """["Sayings","Sword"]""")]
    [InlineData("$.store.book[1:3].title", """["Sword","Moby"]""")]
    [InlineData("$.store.book[:-3].title", """["Sayings"]""")]
    [InlineData("$.store.book[2:].title", """["Moby","Lord"]""")]
    [InlineData("$.store.book[9].title", null)]
    [InlineData("$.store.book[9:].title", "[]")]
    [InlineData("$.store.book[?(@.isbn)].title", """["Moby","Lord"]""")]
    [InlineData("$.store.book[?(!@.isbn)].title", """["Sayings","Sword"]""")]
    [InlineData("$.store.book[?(@.sold)].title", """["Lord"]""")]
    [InlineData("$.store.book[?(@.sold == null)].title", """["Lord"]""")]
    [InlineData("$.store.book[?(@.price < $.limit)].title", """["Sayings","Moby"]""")]
    [InlineData("$.store.book[?(@.price <= 8.95)].title", """["Sayings"]""")]
    [InlineData("$.store.book[?(@['price'] == '8.95')].title", """["Sayings"]""")]
    [InlineData("$.store.book[?(@.category == 'fiction' && @.price > 20)].title", """["Lord"]""")]
    [InlineData("$.store.book[?(@.title == 'Lord' || @.title == \"Moby\")].title", """["Moby","Lord"]""")]
    [InlineData("$.store.book[?((@.price > 20 || @.price < 8.96) && @.isbn)].title", """["Lord"]""")]
    [InlineData("$.store.book[?(@.author =~ /.*vel.*/i)].title", """["Sword"]""")]
    [InlineData("$.store.book[?(@.author =~ /vel/)].title", "[]")]
    [InlineData("$.store.book[?(@.title in ['Moby','Sword'])].title", """["Sword","Moby"]""")]
    [InlineData("$.store.book[?(@.category nin ['fiction'])].title", """["Sayings"]""")]
    [InlineData("$.store.book[?(@.tags contains 'b')].title", """["Sword"]""")]
    [InlineData("$.store.book[?(@.tags size 2)].title", """["Sword"]""")]
    [InlineData("$.store.book[?(@.tags empty false)].title", """["Sword"]""")]
    [InlineData("$.store.book[?(@.tags subsetof ['a','b','c'])].title", """["Sword"]""")]
    [InlineData("$.store.book[?(@.tags != 'x')].title", """["Sayings","Sword","Moby","Lord"]""")]
    [InlineData("$..[?(@.isbn == '0-553')].title", """["Moby"]""")]
    [InlineData("$.store['bicycle','book'].color", """["red"]""")]
    [InlineData("$.store.bicycle['color','price','nope']", """{"color":"red","price":19.95}""")]
    [InlineData("$.store.*.color", """["red"]""")]
    [InlineData("$.n[*]", "[3,1,2]")]
    [InlineData("$.n.length()", "3")]
    [InlineData("$.store.length()", "2")]
    [InlineData("$.limit.length()", null)]
    [InlineData("$.nope.length()", null)]
    [InlineData("$..book.length()", "1")]
    [InlineData("$.n.sum()", "6.0")]
    [InlineData("$.n.min()", "1.0")]
    [InlineData("$.n.max()", "3.0")]
    [InlineData("$.n.avg()", "2.0")]
    [InlineData("$.empty.max()", null)]
    [InlineData("$.words.concat()", "\"ab\"")]
    [InlineData("$.words.append('c')", """["a","b","c"]""")]
    [InlineData("$.store.bicycle.keys()", """["color","price"]""")]
    [InlineData("$['store']['bicycle']['color']", "\"red\"")]
    [InlineData("store.bicycle.color", "\"red\"")]
    [InlineData("$.store.bicycle.color.deeper", null)]
    [InlineData("$.n['x']", null)]
    [InlineData("$.limit[0]", null)]
    [InlineData("$.limit[*]", "[]")]
    public void Paths_find_what_jayway_finds(string path, string? expected) => Assert.Equal(expected, Eval(path));

    [Theory]
    [InlineData("$")]
    [InlineData("@")]
    public void The_root_is_the_document(string path) => Assert.Equal("{\"a\":1}", Eval(path, "{\"a\":1}"));

    [Theory]
    [InlineData("workflow input", "position")]
    [InlineData(" workflow", "position")]
    [InlineData("a.", "ends with a dot")]
    [InlineData("a..", "ends with a dot")]
    [InlineData("a[", "ends too early")]
    [InlineData("a[]", "unexpected")]
    [InlineData("a[x]", "unexpected")]
    [InlineData("a['x]", "never closes")]
    [InlineData("a[?(@.x == )]", "position")]
    [InlineData("a[?(@.x ~ 1)]", "unexpected")]
    [InlineData("a[?(@.x foo 1)]", "'foo'")]
    [InlineData("a.nope()", "length")]
    [InlineData("a[99999999999]", "unexpected")]
    [InlineData("", "ends with a dot")]
    public void What_is_no_path_says_why(string text, string part)
    {
        Assert.False(JsonPath.TryParse(text, out _, out var error));
        Assert.Contains(part, error, StringComparison.Ordinal);
    }
}
