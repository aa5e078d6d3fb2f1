using System.Text.RegularExpressions;
using Idflow.Documents.Model;

namespace Idflow.Tasks.Research.Sources;

/// <summary>Titles of sources, and the line that stands before their passages when they are searched.</summary>
internal static partial class SourceTitle
{
    private const int MostHeader = 240;

    /// <summary>The property <c>title</c>, else the first heading, else the first words.</summary>
    public static string? Of(PropertyMap properties, string text)
    {
        if (properties.TryGetValue("title", out var value) && value?.ToString() is { Length: > 0 } title)
        {
            return Readable(OneLine(title));
        }

        var heading = Heading().Match(text);
        return heading.Success ? OneLine(heading.Groups[1].Value) : FirstWords(text);
    }

    /// <summary><c>1825-john-quincy-adams.txt</c> gives "John Quincy Adams, 1825".</summary>
    public static string FromFileName(string fileName)
    {
        var name = Path.GetFileNameWithoutExtension(fileName);
        return Readable(name) is var title && title != name ? title : OneLine(name.Replace('-', ' ').Replace('_', ' '));
    }

    /// <summary>A slug in lower case as words with capitals, a year at its beginning set behind; any other title as it is.</summary>
    public static string Readable(string title)
    {
        if (!Slug().IsMatch(title))
        {
            return title;
        }

        var words = title.Split('-', '_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]).ToList();
        return words[0].Length == 4 && words[0].All(char.IsAsciiDigit) ? $"{string.Join(' ', words.Skip(1))}, {words[0]}" : string.Join(' ', words);
    }

    public static string Header(params string[] parts)
    {
        var header = string.Join(". ", parts.Where(part => part.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase));
        return header.Length <= MostHeader ? header : header[..MostHeader];
    }

    private static string? FirstWords(string text)
    {
        var line = OneLine(text.Length > 200 ? text[..200] : text);
        if (line.Length <= 60)
        {
            return line.Length > 0 ? line : null;
        }

        var cut = line.LastIndexOf(' ', 60);
        return line[..(cut > 20 ? cut : 60)] + "…";
    }

    private static string OneLine(string text) => WhiteSpace().Replace(text, " ").Trim();

    [GeneratedRegex(@"^#{1,6}[ \t]+(.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^[a-z0-9]+([-_][a-z0-9]+)+$")]
    private static partial Regex Slug();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
