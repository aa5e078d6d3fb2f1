using CsCheck;
using Idflow.Documents.FrontMatter;
using Idflow.Documents.Markdown;
using Idflow.Documents.Model;
using Idflow.Documents.Tests.TestKit;

namespace Idflow.Documents.Tests.FrontMatter;

/// <summary>Edits touch the changed keys and nothing else, over a generated corpus of hand-typed front matters.</summary>
public sealed class FrontMatterEditorTests
{
    [Fact]
    public void A_change_of_one_key_keeps_every_byte_of_the_others()
    {
        Gen.Select(FrontMatterCorpus.File, Gen.Int[0, 7], FrontMatterCorpus.Value).Sample((file, pick, value) =>
        {
            var chunk = KeyChunk(file, pick);
            var edited = Edit(file.ToString(), keys => keys.With(chunk.Key!, value));

            var index = file.Chunks.ToList().IndexOf(chunk);
            var before = file.Head + file.TextOf(file.Chunks.Take(index));
            var after = file.TextOf(file.Chunks.Skip(index + 1)) + file.Tail;
            Assert.StartsWith(before, edited, StringComparison.Ordinal);
            Assert.EndsWith(after, edited, StringComparison.Ordinal);
            var comment = chunk.Comment?.Trim() ?? "";
            Assert.Contains(comment, edited[before.Length..^after.Length], StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Removing_a_key_takes_its_lines_and_nothing_else()
    {
        Gen.Select(FrontMatterCorpus.File, Gen.Int[0, 7]).Sample((file, pick) =>
        {
            var chunk = KeyChunk(file, pick);
            var edited = Edit(file.ToString(), keys => keys.Without(chunk.Key!));
            var expected = file.Head + file.TextOf(file.Chunks.Where(other => other != chunk)) + file.Tail;

            // Behind a `|+` block the blank lines after a removed key must go too, or they would become its text.
            var keepsBlanks = !file.ToString().Contains("|+", StringComparison.Ordinal);
            Assert.Equal(keepsBlanks ? expected : WithoutBlankLines(expected), keepsBlanks ? edited : WithoutBlankLines(edited));
        });
    }

    [Fact]
    public void A_new_key_is_one_insertion()
    {
        Gen.Select(FrontMatterCorpus.File, FrontMatterCorpus.Value).Sample((file, value) =>
        {
            var text = file.ToString();
            var edited = Edit(text, keys => keys.With("added", value));
            Assert.True(IsInsertion(text, edited), edited);
        });
    }

    [Fact]
    public void Values_of_any_kind_read_back_as_they_were()
    {
        FrontMatterCorpus.Value.Sample(value =>
        {
            var map = PropertyMap.Empty.With("k", value);
            Assert.Equal(Show.Value(map), Show.Value(FrontMatterReader.ReadFull(YamlWriter.Write(map))));
            Assert.Equal(Show.Value(map), Show.Value(FrontMatterReader.Read(YamlWriter.Write(map))));
        }, iter: 5_000);
    }

    [Fact]
    public void The_fast_reader_reads_what_it_accepts_like_the_full_reader()
    {
        var accepted = 0;
        FrontMatterCorpus.File.Sample(file =>
        {
            var yaml = file.TextOf(file.Chunks);
            if (FastFrontMatter.TryRead(yaml, out var fast))
            {
                Interlocked.Increment(ref accepted);
                Assert.Equal(Show.Value(FrontMatterReader.ReadFull(yaml)), Show.Value(fast));
            }
        }, iter: 10_000);
        Assert.NotEqual(0, accepted);
    }

    [Fact]
    public void The_fast_reader_never_accepts_what_the_full_reader_refuses()
    {
        var line = Gen.String[Gen.OneOf(Gen.Char["ab: -#'\"[]{},\n\n \t&*!|>%@`?=~.0159éy_"], Gen.Char["ab: \n-"]), 0, 40];
        line.Sample(yaml =>
        {
            if (FastFrontMatter.TryRead(yaml, out var fast))
            {
                Assert.Equal(Show.Value(FrontMatterReader.ReadFull(yaml)), Show.Value(fast));
            }
        }, iter: 20_000);
    }

    [Theory]
    [InlineData("status: \"inbox\"         # inbox | active\n", "status", "done", "status: done         # inbox | active\n")]
    [InlineData("tags: [\"one\", two] # c\n", "tags", "one,two,x: y", "tags: [\"one\", two, 'x: y'] # c\n")]
    [InlineData("tags:\n- one # first\n- two # second\n", "tags", "one,three,two", "tags:\n- one # first\n- three\n- two # second\n")]
    [InlineData("tags:\n- one # first\n- two # second\nz: 1\n", "tags", "two", "tags:\n- two # second\nz: 1\n")]
    [InlineData("a: x # c\n", "a", "l1,l2", "a: # c\n- l1\n- l2\n")]
    public void Comments_and_items_that_stay_are_kept(string yaml, string key, string value, string expected)
    {
        object? changed = value.Contains(',', StringComparison.Ordinal) || yaml.Contains("tags", StringComparison.Ordinal) ? value.Split(',').ToList<object?>() : value;
        Assert.Equal($"---\n{expected}---\nbody", Edit($"---\n{yaml}---\nbody", keys => keys.With(key, changed)));
    }

    [Fact]
    public void A_change_inside_a_map_touches_only_that_line()
    {
        const string text = "---\nmeta:   # about\n  owner: \"ada\"  # who\n  version: 1.10\n  deep:\n    x: 0x1F\n    y: yes\n# end\n---\n";
        var edited = Edit(text, keys => keys.With("meta", ((PropertyMap)keys["meta"]!).With("owner", "bob").With("deep", ((PropertyMap)((PropertyMap)keys["meta"]!)["deep"]!).With("z", 1L).Without("y"))));
        Assert.Equal("---\nmeta:   # about\n  owner: bob  # who\n  version: 1.10\n  deep:\n    x: 0x1F\n    z: 1\n# end\n---\n", edited);
    }

    [Fact]
    public void A_value_that_others_point_to_can_change_without_changing_them()
    {
        const string text = "---\nbase: &b { k: 1 }\n# c\ncopy: *b\nother: 0x10\n---\n";
        Assert.Equal("---\nbase: new\n# c\ncopy:\n  k: 1\nother: 0x10\n---\n", Edit(text, keys => keys.With("base", "new")));
        Assert.Equal("---\n# c\ncopy:\n  k: 1\nother: 0x10\n---\n", Edit(text, keys => keys.Without("base")));
    }

    [Theory]
    [InlineData("---\n{}\n---\nb\n")]
    [InlineData("---\n---\nb\n")]
    [InlineData("---\n# only a comment\n---\nb\n")]
    [InlineData("---\n{a: 1, b: [2]}\n---\nb\n")]
    [InlineData("---\n  a: 1\n  b: 2\n---\nb\n")]
    [InlineData("---\n<<: {a: 1}\nb: 2\n---\nb\n")]
    [InlineData("b\n")]
    [InlineData("")]
    [InlineData("---\na: 1")]
    [InlineData("---\na: 1\na: 2\n---\n")]
    public void Every_form_of_front_matter_takes_changes(string text)
    {
        Assert.Equal("{\"x\": \"new\"}", Show.Value(Keys(Edit(text, keys => new PropertyMap([new("x", "new")])))));
        var kept = Keys(Edit(text, keys => keys.With("a", "changed")));
        Assert.Equal("changed", kept["a"]);
        Assert.Equal(MarkdownText.Split(text).Body, MarkdownText.Split(Edit(text, keys => keys.With("a", "changed"))).Body);
    }

    private static string WithoutBlankLines(string text) => string.Join('\n', text.Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries));

    private static Chunk KeyChunk(GeneratedFile file, int pick)
    {
        var keyed = file.Chunks.Where(chunk => chunk.Key is not null).ToList();
        return keyed[pick % keyed.Count];
    }

    private static string Edit(string text, Func<PropertyMap, PropertyMap> change)
    {
        var source = MarkdownText.Split(text);
        var before = source.HasFrontMatter ? FrontMatterReader.ReadFull(source.Yaml.ToString()) : PropertyMap.Empty;
        var after = PropertyValue.Normalize(change(before));
        var edited = FrontMatterEditor.Edit(source, before, after, Anchors.None);
        Assert.True(PropertyValue.Same(Keys(edited), after));
        return edited;
    }

    private static PropertyMap Keys(string text) => FrontMatterReader.ReadFull(MarkdownText.Split(text).Yaml.ToString());

    private static bool IsInsertion(string text, string edited)
    {
        var head = text.AsSpan().CommonPrefixLength(edited);
        return edited.Length > text.Length && edited.EndsWith(text[head..], StringComparison.Ordinal);
    }
}
