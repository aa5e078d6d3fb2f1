using System.Text;
using CsCheck;
using Idflow.Documents.Markdown;

namespace Idflow.Documents.Tests.FrontMatter;

public sealed class BrokenFrontMatterTests
{
    [Fact]
    public void A_list_that_is_not_closed_is_a_format_error_at_its_place()
    {
        var error = Assert.Throws<DocumentFormatException>(() => DocumentFile.Parse("---\nid: a\nrank: [2\n_doc_refs: []\n---\ntext\n"u8, "doc.md"));

        Assert.Equal(3, error.Line);
    }

    [Fact]
    public void A_merge_conflict_of_git_is_named_at_its_place()
    {
        var error = Assert.Throws<DocumentFormatException>(() => DocumentFile.Parse("---\nid: a\n<<<<<<< HEAD\ntitle: A\n=======\ntitle: B\n>>>>>>> other\n---\ntext\n"u8, "doc.md"));

        Assert.Equal((3, 1), (error.Line, error.Column));
        Assert.Contains("a merge conflict of git begins here", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a:\n\tb: 1", "use spaces")]
    [InlineData("a: 1\nb 2\nc: 3", "missing colon")]
    [InlineData("a:\n  b: 1\n - c", "indentation")]
    public void A_slip_of_the_hand_is_told_with_what_to_look_for(string yaml, string hint)
    {
        var error = Assert.Throws<DocumentFormatException>(() => DocumentFile.Parse(Encoding.UTF8.GetBytes($"---\n{yaml}\n---\ntext\n"), "doc.md"));

        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_front_matter_reads_or_is_a_format_error()
    {
        var piece = Gen.OneOf(
            "a", "b: ", "- ", "\n", "\n  ", "[", "]", "{", "}", ",", ": ", "'", "\"", "|", ">", "&x ", "*x", "? ", "!!int ", "!t ", "#", "%", "@", "`", "1", "0x1F", "2026-01-01", "<<", "\t", "\\", "\u0085", "~", "---\n", "...");
        piece.Array[0, 25].Select(string.Concat).Sample(
            yaml =>
            {
                try
                {
                    DocumentFile.Parse(Encoding.UTF8.GetBytes($"---\nid: a\n{yaml}\n---\ntext\n"), "doc.md");
                }
                catch (DocumentFormatException error)
                {
                    Assert.True(error.Line > 0);
                }
            },
            iter: 20_000);
    }
}
