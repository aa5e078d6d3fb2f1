using System.Text;
using Idflow.Tasks.Research;
using Idflow.Tasks.Text;

namespace Idflow.Tasks.Draft;

/// <summary>Title (30 to 70 characters), description (120 to 160) and slug of a draft.</summary>
internal static class Titles
{
    private const int ShortSubject = 40;

    /// <summary>Ends of a description, from 29 characters up in steps below the width of what is allowed.</summary>
    private static readonly string[] Endings =
    [
        ", in quotations that stand word for word in the source they name, so that each one can be looked up there.",
        ", in quotations with the source where each one can be looked up.",
        ", quoted word for word with the place of each.",
        ", in their own words, quoted.",
    ];

    private const int LeastTitle = 30, MostTitle = 70, LeastDescription = 120, MostDescription = 160, MostSlug = 60;

    public static string Title(string topic)
    {
        var title = ReportFormat.OneLine(topic).Trim('#', ' ');
        title = title.Length <= MostTitle ? title : Cut(title, MostTitle - 1).TrimEnd('?', ',', ';', ':', ' ') + "…";
        foreach (var addition in new[] { ": what the sources say", ": notes and quotations" })
        {
            if (title.Length < LeastTitle)
            {
                title = title.TrimEnd('.', '?') + addition;
                break;
            }
        }

        return title.Length == 0 ? "Draft" : char.ToUpperInvariant(title[0]) + title[1..];
    }

    /// <summary>One sentence: who speaks about what, and how; the first wording that has the right length.</summary>
    public static string Description(string title, IReadOnlyList<string> headings, int sources)
    {
        var who = sources == 1 ? "one source says" : $"{sources} sources say";
        var subject = title.Split(": what the sources say")[0].Split(": notes and quotations")[0].TrimEnd('…', '?', '.');
        var names = headings.Where(heading => !heading.Contains(' ', StringComparison.Ordinal)).ToList();
        List<string> about = names.Count == 0 ? [] : [$"{subject}: what {who} about {Listed(names)}", $"What {who} about {Listed(names)}"];
        about.AddRange([$"What {who} on “{subject}”", $"What {who} on “{Cut(subject, ShortSubject)}”"]);
        return about.SelectMany(beginning => Endings.Select(ending => beginning + ending)).First(text => text.Length is >= LeastDescription and <= MostDescription);
    }

    private static string Listed(List<string> names) => names.Count == 1 ? names[0] : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";

    public static string Slug(string title)
    {
        var slug = new StringBuilder();
        foreach (var character in TextFold.Fold(title))
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                slug.Append(character);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var text = slug.ToString().Trim('-');
        if (text.Length > MostSlug)
        {
            var cut = text.LastIndexOf('-', MostSlug);
            text = text[..(cut > 20 ? cut : MostSlug)];
        }

        return text.Length == 0 ? "draft" : text;
    }

    private static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var cut = text.LastIndexOf(' ', length);
        return text[..(cut > length / 2 ? cut : length)];
    }
}
