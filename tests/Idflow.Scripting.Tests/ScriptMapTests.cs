using System.Text.Json.Nodes;

namespace Idflow.Scripting.Tests;

public sealed class ScriptMapTests
{
    private readonly JavaScriptSandbox _sandbox = new();

    private readonly Map _map = new(new() { ["b"] = 1, ["a"] = new JsonObject { ["x"] = "y" }, ["list"] = new JsonArray(1, 2), ["nothing"] = null })
    {
        InnerMaps = { ["inner"] = new Map(new() { ["10"] = "ten", ["9"] = "nine", ["count"] = 2 }) },
    };

    [Theory]
    [InlineData("$.b + $['b'] + $.inner.count", "4")]
    [InlineData("$.a.x", "\"y\"")]
    [InlineData("$.nothing", "null")]
    [InlineData("typeof $.none + typeof $.inner.none", "\"undefinedundefined\"")]
    [InlineData("Object.keys($)", """["b","a","list","nothing","inner"]""")]
    [InlineData("$.list; $.a; Object.keys($)", """["b","a","list","nothing","inner"]""")]
    [InlineData("let found = []; for (const key in $) found.push(key); found.length", "5")]
    [InlineData("Object.values($.inner)", """["nine","ten",2]""")]
    [InlineData("Object.entries($.inner).length", "3")]
    [InlineData("JSON.stringify($.inner)", "\"{\\\"9\\\":\\\"nine\\\",\\\"10\\\":\\\"ten\\\",\\\"count\\\":2}\"")]
    [InlineData("({ ...$.inner, more: true })", """{"9":"nine","10":"ten","count":2,"more":true}""")]
    [InlineData("$.inner", """{"9":"nine","10":"ten","count":2}""")]
    [InlineData("$.inner[$.inner.count * 5] + $.inner['9']", "\"tennine\"")]
    [InlineData("[ 'b' in $, 'c' in $, $.hasOwnProperty('a'), Object.hasOwn($.inner, 9) ]", "[true,false,true,true]")]
    [InlineData("$ instanceof Object && $.toString()", "\"[object Object]\"")]
    [InlineData("$.b = 5; $.c = 6; $.inner.count++; [$.b, $.c, $.inner.count]", "[5,6,3]")]
    [InlineData("delete $.a; delete $.inner.count; [$.a, 'a' in $, Object.keys($.inner)]", """[null,false,["9","10"]]""")]
    [InlineData("$.list.push(3); $.list", "[1,2,3]")]
    [InlineData("const { a, ...rest } = $; Object.keys(rest)", """["b","list","nothing","inner"]""")]
    [InlineData("Object.freeze($); $.b = 7; $.b", "1")]
    public void A_script_sees_an_ordinary_object(string script, string expected)
    {
        var value = _sandbox.Evaluate(script, "$", _map);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), value), value?.ToJsonString());
    }

    [Fact]
    public void What_a_script_does_not_read_is_not_asked_for()
    {
        _sandbox.Evaluate("$.b + $.b + $.inner.count", "$", _map);
        Assert.Equal(["b"], _map.Asked);
        Assert.Equal(["count"], _map.InnerMaps["inner"].Asked);
    }

    [Fact]
    public void Changes_of_a_script_stay_in_it()
    {
        _sandbox.Evaluate("$.a.x = 'z'; $.list.push(3); $.b = 0; delete $.nothing", "$", _map);
        Assert.Equal("""{"b":1,"a":{"x":"y"},"list":[1,2],"nothing":null,"inner":{"9":"nine","10":"ten","count":2}}""", _sandbox.Evaluate("$", "$", _map)!.ToJsonString());
    }

    [Fact]
    public void What_is_read_does_not_count_against_the_limits_of_the_script()
    {
        var sandbox = new JavaScriptSandbox(new() { MemoryBytes = 24 << 20, Timeout = TimeSpan.FromMinutes(1) });
        var large = new Map(new(Enumerable.Range(0, 16).Select(i => KeyValuePair.Create($"t{i}", (JsonNode?)new string('x', 2 << 20)))));
        Assert.Equal(32 << 20, (int)sandbox.Evaluate("let n = 0; for (let i = 0; i < 16; i++) n += $['t' + i].length; for (let i = 0; i < 200000; i++) [i, { i }]; n", "$", large)!);
    }

    private sealed class Map(JsonObject values) : IScriptMap
    {
        public Dictionary<string, Map> InnerMaps { get; } = [];

        public List<string> Asked { get; } = [];

        public IEnumerable<string> Keys => values.Select(entry => entry.Key).Concat(InnerMaps.Keys);

        public IScriptMap? Inner(string key) => InnerMaps.GetValueOrDefault(key);

        public bool TryGetValue(string key, out JsonNode? value)
        {
            Asked.Add(key);
            return values.TryGetPropertyValue(key, out value);
        }
    }
}
