using System.Text;
using System.Text.RegularExpressions;

namespace Idflow.Tasks.Text;

/// <summary>
/// Blanks what is not prose in a Markdown text (front matter, code, link and image targets, addresses, HTML tags, marks) with
/// spaces. The result has the length of the text, so an offset in it is an offset in the text.
/// </summary>
internal static partial class MarkdownMask
{
    public static string Apply(string text)
    {
        var masked = new StringBuilder(text);
        var body = FrontMatter().Match(text) is { Success: true } head ? head.Length : 0;
        Blank(masked, 0, body);
        foreach (Match match in NotProse().Matches(text, body))
        {
            if (match.Groups["target"] is { Success: true } target)
            {
                Blank(masked, target.Index, target.Length);
            }
            else
            {
                Blank(masked, match.Index, match.Length);
            }
        }

        return masked.ToString();
    }

    private static void Blank(StringBuilder text, int start, int length)
    {
        for (var position = start; position < start + length; position++)
        {
            if (text[position] != '\n')
            {
                text[position] = ' ';
            }
        }
    }

    [GeneratedRegex(@"\A---[ \t]*\r?\n.*?\n(---|\.\.\.)[ \t]*(\r?\n|\z)", RegexOptions.Singleline, matchTimeoutMilliseconds: 2000)]
    private static partial Regex FrontMatter();

    [GeneratedRegex(@"(?m)^(?<fence>`{3,}|~{3,})[^\n]*\n(?s:.*?)(^\k<fence>[ \t]*$|\z)|`[^`\n]+`|\](?<target>\([^()\s]*(\s+""[^""\n]*"")?\))|<[a-zA-Z/!][^>\n]*>|https?://[^\s)>\]]+|^[ \t]{0,3}\#{1,6}[ \t]|^[ \t]{0,3}>[ \t]?|\*\*|__|~~", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex NotProse();
}
