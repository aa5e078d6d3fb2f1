using System.Text;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>A text that is looked for in UTF-8, ignoring case.</summary>
internal sealed class TextNeedle
{
    /// <summary>Letters from the most frequent to the rarest.</summary>
    private const string Frequency = "etaoinsrhldcumfpgwybvkxjqz";

    private readonly string _text;
    private readonly byte[]? _ascii;
    private readonly int _anchor;

    public TextNeedle(string text)
    {
        _text = text;
        if (text.Length > 0 && Ascii.IsValid(text))
        {
            _ascii = Encoding.ASCII.GetBytes(text);
            _anchor = Enumerable.Range(0, text.Length).MaxBy(i => Frequency.IndexOf(char.ToLowerInvariant(text[i]), StringComparison.Ordinal));
        }
    }

    public bool IsIn(ReadOnlySpan<byte> utf8) => _ascii is { } ascii ? IsIn(utf8, ascii) : Encoding.UTF8.GetString(utf8).Contains(_text, StringComparison.OrdinalIgnoreCase);

    /// <summary>Looks for the rarest letter, and compares around it.</summary>
    private bool IsIn(ReadOnlySpan<byte> utf8, byte[] ascii)
    {
        var (lower, upper) = ((byte)char.ToLowerInvariant((char)ascii[_anchor]), (byte)char.ToUpperInvariant((char)ascii[_anchor]));
        for (var from = _anchor; from + ascii.Length - _anchor <= utf8.Length; from++)
        {
            var at = utf8[from..].IndexOfAny(lower, upper);
            if (at < 0)
            {
                return false;
            }

            from += at;
            if (from - _anchor + ascii.Length <= utf8.Length && Ascii.EqualsIgnoreCase(utf8.Slice(from - _anchor, ascii.Length), ascii))
            {
                return true;
            }
        }

        return false;
    }
}
