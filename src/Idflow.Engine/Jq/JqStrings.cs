using System.Globalization;
using System.Text;

namespace Idflow.Engine.Jq;

using Table = Dictionary<(string Name, int Arity), JqBuiltin>;

/// <summary>Functions over texts.</summary>
internal static class JqStrings
{
    public static void Add(Table table)
    {
        table.Value("utf8bytelength", input => JqValue.Of((double)Encoding.UTF8.GetByteCount(Text(input, "only strings have UTF-8 byte length"))));
        table.Value("ascii_downcase", input => JqValue.Of(Ascii(Text(input, "ascii_downcase input must be a string"), char.IsAsciiLetterUpper, c => (char)(c + 32))));
        table.Value("ascii_upcase", input => JqValue.Of(Ascii(Text(input, "ascii_upcase input must be a string"), char.IsAsciiLetterLower, c => (char)(c - 32))));
        table.Value("ascii", input => JqValue.Of(((char)JqStreams.Number(input)).ToString()));
        table.Value("explode", input => JqValue.Of([.. Text(input, "cannot be exploded").EnumerateRunes().Select(rune => JqValue.Of((double)rune.Value))]));
        table.Value("implode", Implode);
        table.Value("startswith", (input, start) => input is JqString text && start is JqString wanted ? JqValue.Of(text.Value.StartsWith(wanted.Value, StringComparison.Ordinal)) : throw new JqError("startswith() requires string inputs"));
        table.Value("endswith", (input, end) => input is JqString text && end is JqString wanted ? JqValue.Of(text.Value.EndsWith(wanted.Value, StringComparison.Ordinal)) : throw new JqError("endswith() requires string inputs"));
        table.Value("ltrimstr", (input, start) => input is JqString text && start is JqString cut && text.Value.StartsWith(cut.Value, StringComparison.Ordinal) ? JqValue.Of(text.Value[cut.Value.Length..]) : input);
        table.Value("rtrimstr", (input, end) => input is JqString text && end is JqString { Value.Length: > 0 } cut && text.Value.EndsWith(cut.Value, StringComparison.Ordinal) ? JqValue.Of(text.Value[..^cut.Value.Length]) : input);
        table.Value("trim", input => JqValue.Of(Text(input, "cannot be trimmed").Trim()));
        table.Value("ltrim", input => JqValue.Of(Text(input, "cannot be trimmed").TrimStart()));
        table.Value("rtrim", input => JqValue.Of(Text(input, "cannot be trimmed").TrimEnd()));
        table.Value("split", (input, separator) => input is JqString text && separator is JqString by ? Split(text.Value, by.Value) : throw new JqError("split input and separator must be strings"));
        table.Value("join", Join);
        table.Value("indices", Indices);
        table.Value("index", (input, part) => Indices(input, part) is JqArray { Items: [var first, ..] } ? first : JqValue.Null);
        table.Value("rindex", (input, part) => Indices(input, part) is JqArray { Items: [.., var last] } ? last : JqValue.Null);
        table.Value("tonumber", input => input is JqNumber ? input : ToNumber(Text(input, "cannot be parsed as a number")));
    }

    /// <param name="problem">What cannot be done with anything else.</param>
    public static string Text(JqValue value, string problem) => value is JqString text ? text.Value : throw new JqError($"{value.TypeName} ({JqText.Short(value)}) {problem}");

    public static JqValue Split(string text, string separator)
    {
        if (text.Length == 0)
        {
            return JqArray.Empty;
        }

        return JqValue.Of(separator.Length == 0
            ? [.. text.EnumerateRunes().Select(rune => JqValue.Of(rune.ToString()))]
            : [.. text.Split(separator, StringSplitOptions.None).Select(JqValue.Of)]);
    }

    private static string Ascii(string text, Func<char, bool> isChanged, Func<char, char> change) =>
        string.Create(text.Length, (text, isChanged, change), static (result, state) =>
        {
            for (var i = 0; i < result.Length; i++)
            {
                result[i] = state.isChanged(state.text[i]) ? state.change(state.text[i]) : state.text[i];
            }
        });

    private static JqValue Implode(JqValue input)
    {
        if (input is not JqArray list)
        {
            throw new JqError($"{input.TypeName} ({JqText.Short(input)}) cannot be imploded, must be an array of codepoints");
        }

        var text = new StringBuilder();
        foreach (var item in list.Items)
        {
            var code = item is JqNumber number ? (int)number.Value : throw new JqError("Unicode codepoint must be numeric");
            text.Append(Rune.IsValid(code) ? new Rune(code) : Rune.ReplacementChar);
        }

        return JqValue.Of(text.ToString());
    }

    private static JqValue Join(JqValue input, JqValue separator)
    {
        var parts = JqCollections.Parts(input);
        if (parts.Count == 0)
        {
            return JqValue.Of("");
        }

        var by = Text(separator, "cannot be joined with");
        return JqValue.Of(string.Join(by, parts.Select(part => part switch
        {
            JqNull => "",
            JqString text => text.Value,
            JqNumber or JqBool => JqText.Write(part),
            _ => throw new JqError($"string ({JqText.Short(separator)}) and {part.TypeName} ({JqText.Short(part)}) cannot be added"),
        })));
    }

    /// <summary>Positions in code points of a part in a text, or of a value or list in a list.</summary>
    private static JqValue Indices(JqValue input, JqValue part)
    {
        switch (input, part)
        {
            case (JqNull, _):
                return JqValue.Null;
            case (JqString text, JqString wanted):
                List<JqValue> found = [];
                for (var at = wanted.Value.Length == 0 ? -1 : text.Value.IndexOf(wanted.Value, StringComparison.Ordinal); at >= 0; at = text.Value.IndexOf(wanted.Value, at + 1, StringComparison.Ordinal))
                {
                    found.Add(JqValue.Of((double)new JqString(text.Value[..at]).Length));
                }

                return JqValue.Of(found);
            case (JqArray list, JqArray wanted):
                return JqValue.Of([.. JqLists.Indices(list.Items, wanted.Items).Select(i => JqValue.Of((double)i))]);
            case (JqArray list, _):
                return JqValue.Of([.. JqLists.Indices(list.Items, [part]).Select(i => JqValue.Of((double)i))]);
            default:
                return JqPaths.Index(input, part);
        }
    }

    private static JqNumber ToNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 ? JqJson.Number(text.TrimStart('0') is "" ? "0" : text.TrimStart('0')) : new(number)
            : throw new JqError($"Cannot parse '{text}' as a number");
}
