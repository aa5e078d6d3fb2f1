using System.Globalization;
using System.Text;

namespace Idflow.Tasks.Text;

/// <summary>
/// Text from documents and pages is data: control characters and invisible ones (zero width, direction overrides, tags) are taken
/// out before it is kept, shown or passed on, and line ends become <c>\n</c>.
/// </summary>
internal static class UntrustedText
{
    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u007F', '\uFFFF') && text.AsSpan().IndexOfAnyInRange('\0', '\u0008') < 0 && text.AsSpan().IndexOfAnyInRange('\u000B', '\u001F') < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var previous = default(Rune);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\r' || (rune.Value == '\n' && previous.Value == '\r'))
            {
                result.Append(rune.Value == '\r' ? "\n" : "");
            }
            else if (rune.Value is '\n' or '\t' || !IsInvisible(rune))
            {
                result.Append(rune.ToString());
            }

            previous = rune;
        }

        return result.ToString();
    }

    private static bool IsInvisible(Rune rune) => rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF) or 0x115F or 0x1160 or 0x3164 or 0xFFA0
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
