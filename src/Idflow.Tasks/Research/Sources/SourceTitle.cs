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
            return OneLine(title);
        }

        var heading = Heading().Match(text);
        return heading.Success ? OneLine(heading.Groups[1].Value) : FirstWords(text);
    }

    /// <summary><c>1825-john-quincy-adams.txt</c> gives "1825 john quincy adams".</summary>
    public static string FromFileName(string fileName) => OneLine(Path.GetFileNameWithoutExtension(fileName).Replace('-', ' ').Replace('_', ' '));

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

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
