using Idflow.Documents.FrontMatter;
using Idflow.Documents.Markdown;
using Idflow.Documents.Tests.TestKit;

namespace Idflow.Documents.Tests.FrontMatter;

/// <summary>The front matter reader against what the original's loader reads.</summary>
public sealed class ReaderOracleTests
{
    [Fact]
    public void Every_case_of_the_original_is_read_as_the_original_reads_it()
    {
        var cases = OriginalData.Read("reader-cases.json").GetProperty("cases").EnumerateArray().ToList();
        var wrong = new List<string>();
        foreach (var oracle in cases)
        {
            var yaml = oracle.GetProperty("yaml").GetString()!;
            var expected = oracle.TryGetProperty("value", out var value) ? Show.Value(OriginalData.Value(value)) : "error";
            foreach (var (reader, read) in Readers)
            {
                var actual = Try(() => Show.Value(read(yaml)["k"]));
                if (actual != expected)
                {
                    wrong.Add($"{reader}: {Show.Escape(yaml)} expected {expected}, was {actual}");
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} differ:\n" + string.Join("\n", wrong));
        Assert.Equal(318, cases.Count);
    }

    [Fact]
    public void Values_that_the_original_wrote_are_read_back()
    {
        var wrong = new List<string>();
        foreach (var oracle in OriginalData.Read("emitter-cases.json").GetProperty("cases").EnumerateArray())
        {
            var yaml = oracle.GetProperty("yaml").GetString()!;
            var expected = Show.Value(OriginalData.Value(oracle.TryGetProperty("reads_back", out var back) ? back : oracle.GetProperty("value")));
            foreach (var (reader, read) in Readers)
            {
                var actual = Try(() => Show.Value(read(yaml)["k"]));
                if (actual != expected)
                {
                    wrong.Add($"{reader}: {Show.Escape(yaml)} expected {expected}, was {actual}");
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} differ:\n" + string.Join("\n", wrong));
    }

    private static readonly (string Name, Func<string, Model.PropertyMap> Read)[] Readers =
    [
        ("full", FrontMatterReader.ReadFull),
        ("fast or full", yaml => FrontMatterReader.Read(yaml)),
        ("file", yaml => DocumentFile.Parse(System.Text.Encoding.UTF8.GetBytes("---\n" + yaml + "---\n"), "doc.md").Keys),
        ("file with CR LF", yaml => DocumentFile.Parse(System.Text.Encoding.UTF8.GetBytes(("---\n" + yaml + "---\n").Replace("\n", "\r\n", StringComparison.Ordinal)), "doc.md").Keys),
    ];

    private static string Try(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is YamlFormatException or DocumentFormatException)
        {
            return "error";
        }
    }
}
