using System.Globalization;
using System.Text;

namespace Idflow.Cli.Rendering;

/// <summary>Text from documents and the web, made safe to print on a terminal.</summary>
internal static class TerminalText
{
    /// <summary>Control characters (all but tab and line feed), and marks that turn the writing direction, become visible escapes.</summary>
    public static string Escape(string text)
    {
        if (!text.Any(NeedsEscape))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (NeedsEscape(character))
            {
                escaped.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                escaped.Append(character);
            }
        }

        return escaped.ToString();
    }

    private static bool NeedsEscape(char character) =>
        (char.IsControl(character) && character is not ('\t' or '\n'))
        || character is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
