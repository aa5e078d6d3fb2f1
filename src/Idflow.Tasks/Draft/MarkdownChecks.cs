using System.Globalization;
using System.Text.RegularExpressions;

namespace Idflow.Tasks.Draft;

/// <summary>What a draft must fulfil as Markdown: one H1, no skipped level, no empty section, no repeated paragraph, citations that resolve.</summary>
internal static partial class MarkdownChecks
{
    public static List<string> Check(string markdown, int sources)
    {
        List<string> problems = [];
        var headings = Heading().Matches(markdown);
        var tops = headings.Count(heading => heading.Groups[1].Length == 1);
        if (tops != 1)
        {
            problems.Add($"The draft has {tops} headings of level 1; it must have one.");
        }

        var level = 0;
        for (var index = 0; index < headings.Count; index++)
        {
            var heading = headings[index];
            if (heading.Groups[1].Length > level + 1)
            {
                problems.Add($"The heading '{heading.Groups[2].Value.Trim()}' skips a level.");
            }

            level = heading.Groups[1].Length;
            var end = index + 1 < headings.Count ? headings[index + 1].Index : markdown.Length;
            var deeper = index + 1 < headings.Count && headings[index + 1].Groups[1].Length > level;
            if (!deeper && string.IsNullOrWhiteSpace(markdown[(heading.Index + heading.Length)..end]))
            {
                problems.Add($"The section '{heading.Groups[2].Value.Trim()}' is empty.");
            }
        }

        problems.AddRange(markdown.Split("\n\n").Select(paragraph => paragraph.Trim()).Where(paragraph => paragraph.Length > 40).CountBy(paragraph => paragraph)
            .Where(entry => entry.Value > 1).Select(entry => $"A paragraph is repeated: '{entry.Key[..40]}…'."));
        problems.AddRange(Citation().Matches(markdown).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).Distinct()
            .Where(number => number < 1 || number > sources).Select(number => $"The citation [{number}] names no source."));
        return problems;
    }

    /// <summary>Citations in brackets that are not links and not escaped.</summary>
    [GeneratedRegex(@"(?<!\\)\[(\d{1,4})\](?!\()")]
    public static partial Regex Citation();

    [GeneratedRegex(@"^(#{1,6})[ \t]+(.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
