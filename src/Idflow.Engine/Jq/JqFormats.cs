using System.Globalization;
using System.Text;

namespace Idflow.Engine.Jq;

/// <summary><c>@text</c>, <c>@csv</c> and the like.</summary>
internal static class JqFormats
{
    private static readonly Dictionary<string, Func<JqValue, string>> Known = new(StringComparer.Ordinal)
    {
        ["@text"] = Text,
        ["@json"] = JqText.Write,
        ["@csv"] = value => Row(value, "csv", ",", text => "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\""),
        ["@tsv"] = value => Row(value, "tsv", "\t", text => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)),
        ["@html"] = value => Text(value).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("'", "&apos;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal),
        ["@uri"] = value => Uri(Text(value)),
        ["@sh"] = Shell,
        ["@base64"] = value => Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(value))),
        ["@base64d"] = Base64Decoded,
        ["@base32"] = value => Base32(Encoding.UTF8.GetBytes(Text(value))),
        ["@base32d"] = Base32Decoded,
    };

    public static bool TryFind(string name, out Func<JqValue, string> format) => Known.TryGetValue(name, out format!);

    public static string Text(JqValue value) => value is JqString text ? text.Value : JqText.Write(value);

    private static string Row(JqValue value, string format, string separator, Func<string, string> quote) => value is JqArray row
        ? string.Join(separator, row.Items.Select(item => item switch
        {
            JqString text => quote(text.Value),
            JqNull => "",
            JqNumber or JqBool => JqText.Write(item),
            _ => throw new JqError($"{item.TypeName} ({JqText.Short(item)}) is not valid in a {format} row"),
        }))
        : throw new JqError($"{value.TypeName} ({JqText.Short(value)}) cannot be {format}-formatted, only array");

    private static string Uri(string text)
    {
        var uri = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            _ = char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~' ? uri.Append((char)b) : uri.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return uri.ToString();
    }

    private static string Shell(JqValue value) => string.Join(' ', (value is JqArray list ? list.Items : [value]).Select(item => item switch
    {
        JqString text => "'" + text.Value.Replace("'", "'\\''", StringComparison.Ordinal) + "'",
        JqArray or JqObject => throw new JqError($"{item.TypeName} ({JqText.Short(item)}) can not be escaped for shell"),
        _ => JqText.Write(item),
    }));

    private static string Base64Decoded(JqValue value)
    {
        var text = Text(value);
        var core = text.TrimEnd('=');
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(core.PadRight((core.Length + 3) / 4 * 4, '=')));
        }
        catch (FormatException)
        {
            throw new JqError($"{value.TypeName} ({JqText.Short(value)}) is not valid base64 data");
        }
    }

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private static string Base32(byte[] bytes)
    {
        var text = new StringBuilder();
        for (var i = 0; i < bytes.Length; i += 5)
        {
            var count = Math.Min(5, bytes.Length - i);
            ulong group = 0;
            for (var j = 0; j < 5; j++)
            {
                group = group << 8 | (j < count ? bytes[i + j] : 0UL);
            }

            var digits = (count * 8 + 4) / 5;
            for (var j = 0; j < 8; j++)
            {
                text.Append(j < digits ? Alphabet[(int)(group >> (35 - 5 * j) & 31)] : '=');
            }
        }

        return text.ToString();
    }

    private static string Base32Decoded(JqValue value)
    {
        List<byte> bytes = [];
        var (bits, count) = (0, 0);
        foreach (var c in Text(value).TrimEnd('='))
        {
            var digit = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0)
            {
                throw new JqError($"{value.TypeName} ({JqText.Short(value)}) is not valid base32 data");
            }

            (bits, count) = (bits << 5 | digit, count + 5);
            if (count >= 8)
            {
                count -= 8;
                bytes.Add((byte)(bits >> count));
                bits &= (1 << count) - 1;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
