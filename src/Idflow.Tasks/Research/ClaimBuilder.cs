namespace Idflow.Tasks.Research;

/// <summary>The claims of a report and which of them belong to which sub-query.</summary>
internal sealed record Claims(IReadOnlyList<ResearchClaim> All, IReadOnlyList<IReadOnlyList<int>> ByPart)
{
    public const string VerifiedStatus = "verified", Partial = "partial", Unsupported = "unsupported";

    public int Verified => All.Count(claim => claim.Status == VerifiedStatus);

    /// <summary>Share of claims whose quotation was found, exactly or nearly; 0 without claims.</summary>
    public double Precision => All.Count == 0 ? 0 : Math.Round((double)All.Count(claim => claim.Status is VerifiedStatus or Partial) / All.Count, 4);
}

/// <summary>Makes claims of quotations and looks each one up in the text of its source.</summary>
internal static class ClaimBuilder
{
    public static Claims FromEvidence(Findings findings, CitedSources cited, bool verify)
    {
        var verifiers = new Dictionary<int, QuoteVerifier>();
        List<ResearchClaim> all = [];
        List<IReadOnlyList<int>> byPart = [];
        foreach (var part in findings.Parts)
        {
            var first = all.Count;
            foreach (var evidence in part.Evidence)
            {
                var quote = ReportFormat.OneLine(evidence.Quote);
                all.Add(new(quote, [cited.NumberOf(evidence.Source)], quote, verify ? StatusOf(verifiers, cited.Texts, evidence.Source, quote) : Claims.Unsupported));
            }

            byPart.Add([.. Enumerable.Range(first, all.Count - first)]);
        }

        return new(all, byPart);
    }

    public static string StatusOf(Dictionary<int, QuoteVerifier> verifiers, IReadOnlyList<SourceText> texts, int source, string quote)
    {
        if (!verifiers.TryGetValue(source, out var verifier))
        {
            verifiers[source] = verifier = new(texts[source].Text);
        }

        return verifier.Check(quote) switch
        {
            QuoteStatus.Verified => Claims.VerifiedStatus,
            QuoteStatus.Partial => Claims.Partial,
            _ => Claims.Unsupported,
        };
    }
}
