using Idflow.Tasks.Retrieval;

namespace Idflow.Tasks.Draft;

/// <summary>A section of a draft with the facts it may use.</summary>
internal sealed record Section(string Heading, IReadOnlyList<Fact> Facts, int Words);

/// <summary>
/// Groups facts into sections: by the part of the question they were found for, else by shared terms; the words of the
/// sections, of the introduction and of the ending sum to the target.
/// </summary>
internal static class OutlineBuilder
{
    /// <summary>Share of the target for introduction and ending together.</summary>
    private const double Frame = 0.15;

    private const int MostSections = 6;
    private const double LeastSimilarity = 0.12;

    public static List<Section> Build(Material material, int target, string language)
    {
        var groups = material.Facts.Any(fact => fact.Topic.Length > 0)
            ? [.. material.Facts.GroupBy(fact => fact.Topic, StringComparer.OrdinalIgnoreCase).Select(group => (Heading: group.Key, Facts: group.ToList()))]
            : ByTerms(material.Facts, language);
        groups = Merge(groups);
        var facts = Math.Max(1, groups.Sum(group => group.Facts.Count));
        var words = (int)(target * (1 - Frame));
        return [.. groups.Select(group => new Section(Heading(group.Heading, material, group.Facts[0]), group.Facts, words * group.Facts.Count / facts))];
    }

    private static List<(string Heading, List<Fact> Facts)> Merge(List<(string Heading, List<Fact> Facts)> groups)
    {
        while (groups.Count > MostSections)
        {
            var smallest = groups.MinBy(group => group.Facts.Count);
            groups.Remove(smallest);
            groups[^1] = (groups[^1].Heading, [.. groups[^1].Facts, .. smallest.Facts]);
        }

        return groups;
    }

    /// <summary>Single pass clustering: a fact joins the group whose terms are most like its own.</summary>
    private static List<(string Heading, List<Fact> Facts)> ByTerms(List<Fact> facts, string language)
    {
        var terms = new SearchTerms(language);
        List<(HashSet<string> Terms, List<Fact> Facts)> groups = [];
        foreach (var fact in facts)
        {
            var own = terms.Of(fact.Quote).ToHashSet(StringComparer.Ordinal);
            var best = groups.Select((group, index) => (Index: index, Score: own.Count == 0 ? 0 : (double)own.Count(group.Terms.Contains) / (own.Count + group.Terms.Count))).OrderByDescending(entry => entry.Score).FirstOrDefault();
            if (groups.Count > 0 && best.Score >= LeastSimilarity)
            {
                groups[best.Index].Facts.Add(fact);
                groups[best.Index].Terms.UnionWith(own);
            }
            else
            {
                groups.Add((own, [fact]));
            }
        }

        return [.. groups.Select(group => ("", group.Facts))];
    }

    private static string Heading(string topic, Material material, Fact first)
    {
        var heading = topic.Length > 0 ? topic : Words(material.Sources[first.Source].Title);
        heading = heading.Trim().TrimEnd('?', '.', ':');
        return heading.Length == 0 ? "More" : char.ToUpperInvariant(heading[0]) + heading[1..];
    }

    private static string Words(string title) => title.Length <= 80 ? title : title[..80];
}
