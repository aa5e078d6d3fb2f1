using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Idflow.Tasks.Text;

/// <summary>
/// Unicode decomposition without ICU: in the invariant globalization mode <see cref="string.Normalize()"/> changes nothing.
/// Marks stay in the order of the table; the results are for comparing and folding, not for storing.
/// </summary>
internal static class UnicodeDecomposition
{
    private const int HangulFirst = 0xAC00, HangulLast = 0xD7A3;

    private static readonly Lazy<(FrozenDictionary<int, string> Canonical, FrozenDictionary<int, string> Compatible)> Tables = new(Load);

    /// <summary>Canonical decomposition (as NFD).</summary>
    public static string Canonical(string text) => Ascii.IsValid(text) ? text : Decompose(text, compatible: false);

    /// <summary>Compatibility decomposition (as NFKD): ligatures, full width forms, superscripts in their plain form.</summary>
    public static string Compatible(string text) => Ascii.IsValid(text) ? text : Decompose(text, compatible: true);

    /// <summary>Lower case without accents, for search terms.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }

        var result = new StringBuilder(text.Length);
        foreach (var rune in Decompose(text, compatible: true).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                result.Append(Rune.ToLowerInvariant(rune).ToString());
            }
        }

        return result.ToString();
    }

    private static string Decompose(string text, bool compatible)
    {
        var (canonical, compatibility) = Tables.Value;
        var result = new StringBuilder(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            var value = rune.Value;
            if (value < 0x80)
            {
                result.Append((char)value);
            }
            else if (compatible && compatibility.TryGetValue(value, out var parts))
            {
                result.Append(parts);
            }
            else if (canonical.TryGetValue(value, out parts))
            {
                result.Append(parts);
            }
            else if (value is >= HangulFirst and <= HangulLast)
            {
                AppendHangul(result, value - HangulFirst);
            }
            else
            {
                result.Append(rune.ToString());
            }
        }

        return result.ToString();
    }

    /// <summary>The Unicode Standard, section 3.12: a syllable is a leading consonant, a vowel and perhaps a trailing consonant.</summary>
    private static void AppendHangul(StringBuilder result, int index)
    {
        result.Append((char)(0x1100 + (index / 588))).Append((char)(0x1161 + (index % 588 / 28)));
        if (index % 28 > 0)
        {
            result.Append((char)(0x11A7 + (index % 28)));
        }
    }

    private static (FrozenDictionary<int, string>, FrozenDictionary<int, string>) Load()
    {
        var canonical = new Dictionary<int, string>();
        var compatible = new Dictionary<int, string>();
        foreach (var line in TextResources.ReadLines("decompositions.txt"))
        {
            var fields = line.TrimStart('~').Split(' ');
            var parts = string.Concat(fields.Skip(1).Select(hex => char.ConvertFromUtf32(int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));
            (line[0] == '~' ? compatible : canonical)[int.Parse(fields[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture)] = parts;
        }

        return (canonical.ToFrozenDictionary(), compatible.ToFrozenDictionary());
    }
}
