using CsCheck;
using Idflow.Documents.Model;
using Idflow.Documents.Query;
using static Idflow.Documents.Tests.Query.Documents;

namespace Idflow.Documents.Tests.Query;

public sealed class PropertyPathTests
{
    [Fact]
    public void An_exact_key_wins_over_a_path_on_every_level()
    {
        var properties = Map(("a.b", "exact"), ("a", Map(("b", "path"), ("c.d", "inner exact"), ("c", Map(("d", "inner path"))))));

        Assert.Equal("exact", Get(properties, "a.b"));
        Assert.Equal("inner exact", Get(properties, "a.c.d"));
        Assert.False(PropertyPath.TryGet(properties, "a.b.c", out _));
        Assert.Equal("changed", Get(PropertyPath.Set(properties, "a.b", "changed"), "a.b"));
        Assert.Equal("path", Get((PropertyMap)PropertyPath.Set(properties, "a.b", "changed")["a"]!, "b"));
    }

    [Fact]
    public void Set_makes_the_maps_that_are_missing()
    {
        var properties = PropertyPath.Set(Map(("title", "x"), ("empty", null)), "meta.owner.name", "ada");

        Assert.Equal("ada", ((PropertyMap)((PropertyMap)properties["meta"]!)["owner"]!)["name"]);
        Assert.Equal(["title", "empty", "meta"], properties.Keys);
        Assert.Equal(1L, Get(PropertyPath.Set(properties, "empty.x", 1L), "empty.x"));
    }

    [Theory]
    [InlineData("title.sub", "'title' is a text, not a map")]
    [InlineData("", "not a property name")]
    [InlineData("a..b", "not a property name")]
    [InlineData(".a", "not a property name")]
    [InlineData("a.", "not a property name")]
    public void Set_refuses_what_would_lose_a_value_or_has_no_name(string path, string expected)
    {
        var exception = Assert.Throws<FilterException>(() => PropertyPath.Set(Map(("title", "x")), path, 1L));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Remove_takes_the_value_that_lookup_finds()
    {
        var properties = Map(("a.b", 1L), ("a", Map(("b", 2L))));

        Assert.True(PropertyPath.TryRemove(properties, "a.b", out var once));
        Assert.Equal(2L, Get(once, "a.b"));
        Assert.True(PropertyPath.TryRemove(once, "a.b", out var twice));
        Assert.False(PropertyPath.TryGet(twice, "a.b", out _));
        Assert.False(PropertyPath.TryRemove(twice, "a.b", out var same));
        Assert.Same(twice, same);
    }

    [Fact]
    public void What_is_set_is_found_and_nothing_else_changes()
    {
        var path = Gen.OneOf("a", "b", "a.b", "b.a", "a.b.c", "a.a", "c.a.b");
        Gen.Select(path.Array[0, 6], path, path).Sample(
            (before, target, other) =>
            {
                var properties = PropertyMap.Empty;
                foreach (var (step, index) in before.Select((step, index) => (step, index)))
                {
                    properties = index % 2 == 0 ? properties.With(step, (long)index) : TrySet(properties, step, (long)index);
                }

                var changed = TrySet(properties, target, "new");
                if (ReferenceEquals(changed, properties))
                {
                    return;
                }

                Assert.Equal("new", Get(changed, target));
                if (PropertyPath.TryGet(properties, other, out var old) && old is long && other != target && !other.StartsWith(target + ".", StringComparison.Ordinal))
                {
                    Assert.Equal(old, Get(changed, other));
                }

                Assert.True(PropertyPath.TryRemove(changed, target, out _));
            },
            iter: 20_000);
    }

    private static PropertyMap TrySet(PropertyMap properties, string path, object value)
    {
        try
        {
            return PropertyPath.Set(properties, path, value);
        }
        catch (FilterException)
        {
            return properties;
        }
    }

    private static object? Get(PropertyMap properties, string path) =>
        PropertyPath.TryGet(properties, path, out var value) ? value : throw new InvalidOperationException($"no {path}");
}
