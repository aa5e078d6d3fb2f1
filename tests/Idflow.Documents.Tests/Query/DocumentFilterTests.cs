using System.Diagnostics;
using System.Numerics;
using CsCheck;
using Idflow.Documents.Model;
using Idflow.Documents.Query;
using static Idflow.Documents.Tests.Query.Documents;

namespace Idflow.Documents.Tests.Query;

public sealed class DocumentFilterTests
{
    private static readonly DocumentSummary Sample = With(
        ("title", "Notes on [x] = y"),
        ("rank", 3L),
        ("ratio", 0.5),
        ("textual", "0.72"),
        ("padded", "007"),
        ("huge", BigInteger.Parse("123456789012345678901234567890", null)),
        ("precise", 9007199254740993L),
        ("day", new DateOnly(2026, 1, 15)),
        ("at", new DateTimeOffset(2026, 1, 15, 12, 30, 0, TimeSpan.FromHours(2))),
        ("naive", new DateTime(2026, 1, 15, 12, 30, 0)),
        ("version", "1.10.2"),
        ("release", "v2.0.0-rc.1"),
        ("hot", true),
        ("nothing", null),
        ("empty", ""),
        ("lines", "one\ntwo"),
        ("smile", "a😀b"),
        ("tags", List("alpha", "beta", 7L)),
        ("none", List()),
        ("meta", Map(("owner", "ada"), ("flags", Map(("deep", 1L))))),
        ("meta.owner", "grace"),
        ("word", "exists"));

    [Theory]
    [InlineData("title=Notes*")]
    [InlineData("title===Notes on [x] = y")]
    [InlineData("title=Notes on [[]x] = y")]
    [InlineData("lines=one*two")]
    [InlineData("smile=a?b")]
    [InlineData("smile=a[!a-z]b")]
    [InlineData("rank=3")]
    [InlineData("rank=3.0")]
    [InlineData("rank=[1-3]")]
    [InlineData("ratio=0.50")]
    [InlineData("textual=0.72")]
    [InlineData("textual=>0.5")]
    [InlineData("padded=<=7")]
    [InlineData("rank=>=3")]
    [InlineData("rank=> 2")]
    [InlineData("rank=!4")]
    [InlineData("rank=<3.0001")]
    [InlineData("huge=>99999999999999999999999999999")]
    [InlineData("huge=123456789012345678901234567890")]
    [InlineData("precise=>9007199254740992.0")]
    [InlineData("precise=>9007199254740992")]
    [InlineData("day=2026-01-15")]
    [InlineData("day=<2026-02-01")]
    [InlineData("day=>=2026-01-15T00:00:00Z")]
    [InlineData("at=2026-01-15T10:30:00Z")]
    [InlineData("at=<2026-01-15 10:31")]
    [InlineData("naive=>2026-01-15")]
    [InlineData("version=>1.9.3")]
    [InlineData("version=>1.9")]
    [InlineData("version=<2")]
    [InlineData("release=<v2.0.0")]
    [InlineData("release=>2.0.0-beta.9")]
    [InlineData("hot=true")]
    [InlineData("nothing=missing")]
    [InlineData("nothing=null")]
    [InlineData("absent=missing")]
    [InlineData("absent=!x")]
    [InlineData("empty=")]
    [InlineData("empty=exists")]
    [InlineData("none=exists")]
    [InlineData("tags=beta")]
    [InlineData("tags=7")]
    [InlineData("tags=>6")]
    [InlineData("tags=b*")]
    [InlineData("tags=~^be")]
    [InlineData("tags=!gamma")]
    [InlineData("meta=exists")]
    [InlineData("meta.owner=grace")]
    [InlineData("meta.flags.deep=1")]
    [InlineData("word===exists")]
    [InlineData("title=~on .x.")]
    [InlineData("title=~(?i)NOTES")]
    [InlineData("title=~(?<=Notes )on")]
    [InlineData("title=>Note")]
    public void Holds(string expression) => Assert.True(DocumentFilter.Parse(expression).Matches(Sample));

    [Theory]
    [InlineData("title=notes*")]
    [InlineData("title=Notes")]
    [InlineData("rank=4")]
    [InlineData("rank=>3")]
    [InlineData("rank=>a")]
    [InlineData("title=>5")]
    [InlineData("title=>2026-01-01")]
    [InlineData("textual=0.720")]
    [InlineData("padded=7")]
    [InlineData("precise=9007199254740992")]
    [InlineData("precise=<=9007199254740992.0")]
    [InlineData("day=>2026-01-15")]
    [InlineData("hot=True")]
    [InlineData("hot=>0")]
    [InlineData("hot=!t*")]
    [InlineData("nothing=exists")]
    [InlineData("nothing=*")]
    [InlineData("absent=exists")]
    [InlineData("absent=>0")]
    [InlineData("absent=~.*")]
    [InlineData("tags=gamma")]
    [InlineData("tags=!beta")]
    [InlineData("none=*")]
    [InlineData("none=missing")]
    [InlineData("meta.owner=ada")]
    [InlineData("meta.flags.deep.er=1")]
    [InlineData("meta=*")]
    [InlineData("version=<1.9.3")]
    [InlineData("version===1.10.*")]
    public void Does_not_hold(string expression) => Assert.False(DocumentFilter.Parse(expression).Matches(Sample));

    [Theory]
    [InlineData("title", "no '='")]
    [InlineData("", "no '='")]
    [InlineData("=x", "no key")]
    [InlineData("title =x", "'title=x'")]
    [InlineData("rank>=3", "'rank=>=3'")]
    [InlineData("status!=done", "'status=!done'")]
    [InlineData("rank==3", "'rank===3'")]
    [InlineData("rank=>", "nothing to compare")]
    [InlineData("rank=>>3", "operators are")]
    [InlineData("rank=!>3", "another operator")]
    [InlineData("rank=!exists", "'rank=missing'")]
    [InlineData("title=[ab", "position 1")]
    [InlineData("title=[z-a]", "'a-z'")]
    [InlineData("title=~(", "regular expression")]
    [InlineData("title=~", "missing")]
    [InlineData("status=inbx", "'inbox'")]
    [InlineData("status=Done", "'done'")]
    [InlineData("stage=", "name of a stage")]
    [InlineData("stage=research:dne", "'done'")]
    [InlineData("stage=>a", "no order")]
    public void Malformed_filter_says_what_is_wrong_and_how_to_mend_it(string expression, string expected)
    {
        var exception = Assert.Throws<FilterException>(() => DocumentFilter.Parse(expression));

        Assert.StartsWith($"filter '{expression}': ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stage=research", true)]
    [InlineData("stage=research:done", true)]
    [InlineData("stage=research:blocked", true)]
    [InlineData("stage=research:active", false)]
    [InlineData("stage=!research:active", true)]
    [InlineData("stage=r*:done", true)]
    [InlineData("stage=draft:done", false)]
    [InlineData("stage===research", true)]
    [InlineData("stage=exists", true)]
    [InlineData("stage=~^res", true)]
    [InlineData("doc-ref=missing", true)]
    [InlineData("id=d?c", true)]
    [InlineData("status=!done", true)]
    public void Stages_references_and_id_are_keys(string expression, bool expected)
    {
        var document = Summary("doc", stages: [
            new StageSummary("research", 1, StageStatus.Blocked), new StageSummary("research", 2, StageStatus.Done), new StageSummary("draft", 1, StageStatus.Active)]);

        Assert.Equal(expected, DocumentFilter.Parse(expression).Matches(document));
    }

    [Fact]
    public void A_regular_expression_cannot_hang()
    {
        var document = With(("text", new string('a', 50_000) + "!"));
        var clock = Stopwatch.StartNew();

        Assert.False(DocumentFilter.Parse("text=~(a+)+$").Matches(document));
        var exception = Assert.Throws<FilterException>(() => DocumentFilter.Parse(@"text=~^(a+)+\1$").Matches(document));

        Assert.Contains("takes too long on document doc", exception.Message, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void What_parses_prints_and_parses_to_the_same()
    {
        var piece = Gen.OneOf("=", ">", "<", "!", "~", "exists", "missing", "[a-z]", "*", "?", "a", ".", "key", "7", "2026-01-01", ":done", " ", "]");
        piece.Array[1, 8].Select(string.Concat).Sample(
            expression =>
            {
                DocumentFilter filter;
                try
                {
                    filter = DocumentFilter.Parse(expression);
                }
                catch (FilterException)
                {
                    return;
                }

                var again = DocumentFilter.Parse(filter.ToString());
                Assert.Equal((filter.Key, filter.Operator, filter.Operand), (again.Key, again.Operator, again.Operand));
            },
            iter: 20_000);
    }

    [Fact]
    public void Text_that_is_escaped_finds_itself_and_only_itself()
    {
        Gen.Select(Gen.String, Gen.String).Sample(
            (text, other) =>
            {
                var filter = DocumentFilter.Parse("key===" + text);
                Assert.True(filter.Matches(With(("key", text))));
                Assert.Equal(text == other, filter.Matches(With(("key", other))));
            },
            iter: 5_000);
    }

    [Fact]
    public void Wildcards_agree_with_the_same_pattern_as_a_regular_expression()
    {
        var letters = Gen.OneOf('a', 'b', 'c');
        var pattern = Gen.OneOf("a", "b", "*", "?", "[ab]", "[!a]").Array[0, 6];
        Gen.Select(letters.Array[0, 8].Select(characters => new string(characters)), pattern).Sample(
            (text, steps) =>
            {
                var expression = string.Concat(steps.Select(step => step switch { "*" => ".*", "?" => ".", "[!a]" => "[^a]", _ => step }));
                var expected = System.Text.RegularExpressions.Regex.IsMatch(text, $"^(?:{expression})\\z");
                Assert.Equal(expected, DocumentFilter.Parse("key=" + string.Concat(steps)).Matches(With(("key", text))));
            },
            iter: 20_000);
    }
}
