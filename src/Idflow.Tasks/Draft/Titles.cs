using System.Text;
using Idflow.Tasks.Research;
using Idflow.Tasks.Text;

namespace Idflow.Tasks.Draft;

/// <summary>Title (30 to 70 characters), description (120 to 160) and slug of a draft.</summary>
internal static class Titles
{
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

    public static string Description(string title, IEnumerable<string> headings, int sources)
    {
        var text = $"{title.TrimEnd('…', '?', '.')}: {string.Join("; ", headings)}.";
        if (text.Length < LeastDescription)
        {
            text += $" With quotations from {(sources == 1 ? "one source" : $"{sources} sources")}, each with the place where it can be looked up.";
        }

        return text.Length <= MostDescription ? text : Cut(text, MostDescription - 1).TrimEnd(',', ';', ':', ' ') + "…";
    }

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
        var cut = text.LastIndexOf(' ', length);
        return text[..(cut > length / 2 ? cut : length)];
    }
}
