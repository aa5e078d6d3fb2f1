using CsCheck;
using Idflow.Tasks.Research;

namespace Idflow.Tasks.Tests.Research;

public sealed class QuoteVerifierTests
{
    private const string Text = "We have traced the Missouri nearly to its source, descended the Columbia to the Pacific Ocean, and returned.\nThe café’s “blue door” stood open – as ever.";

    [Theory]
    [InlineData("traced the Missouri nearly to its source", 0)]
    [InlineData("TRACED  the\nmissouri nearly", 0)]
    [InlineData("the café's \"blue door\" stood open - as ever", 0)]
    [InlineData("the cafe\u0301's", 0)]
    [InlineData("descended the Columbia to the Pacific Ocaen and returned.", 1)]
    [InlineData("descended the Amazon to the Atlantic Ocean, and stayed.", 2)]
    [InlineData("", 2)]
    public void A_quotation_is_found_in_its_folded_form_or_nearly_or_not(string quote, int status) => Assert.Equal((QuoteStatus)status, new QuoteVerifier(Text).Check(quote));

    [Fact]
    public void Every_substring_of_a_text_is_found() => Gen.Select(Gen.String[Gen.Char["aAbé “”’–\n\t.ﬁ"], 1, 60], Gen.Int[0, 59], Gen.Int[1, 60]).Sample((text, start, length) =>
    {
        start = Math.Min(start, text.Length - 1);
        var quote = text.Substring(start, Math.Min(length, text.Length - start)).Trim();
        return quote.Length == 0 || new QuoteVerifier(text).Check(quote) == QuoteStatus.Verified;
    });
}
