using CsCheck;
using Idflow.Tasks.Research;

namespace Idflow.Tasks.Tests.Research;

public sealed class ReportFormatTests
{
    [Fact]
    public void A_quotation_survives_writing_and_reading() => Gen.Select(Gen.String[Gen.Char["ab*_[]<`\\#|~ “”1—"], 1, 40], Gen.Int[1, 999]).Sample((quote, citation) =>
    {
        var line = ReportFormat.OneLine(quote);
        if (line.Length > 0)
        {
            var read = Assert.Single(ReportFormat.ReadQuotes("## Part\n\n" + ReportFormat.Quote(line, "A title", citation)));
            Assert.Equal(("Part", citation), (read.Section, read.Citation));
            Assert.Equal(line, read.Quote);
        }
    });

    [Fact]
    public void A_source_survives_writing_and_reading() => Gen.Select(Gen.String[Gen.Char["ab*[]()\\ é"], 1, 30], Gen.String[Gen.Char["ab/()_-?&=%"], 1, 30]).Sample((title, url) =>
    {
        var read = Assert.Single(ReportFormat.ReadSources("text\n\n" + ReportFormat.SourceList([new(7, title, "https://example.org/" + url)])));
        Assert.Equal(new(7, ReportFormat.OneLine(title), "https://example.org/" + url), read);
    });
}
