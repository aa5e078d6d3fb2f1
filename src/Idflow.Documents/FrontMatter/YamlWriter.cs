using System.Globalization;
using System.Numerics;
using Idflow.Documents.Model;

namespace Idflow.Documents.FrontMatter;

/// <summary>
/// Writes values as block YAML in the original's style: indent 2, lists not indented under their key, empty collections in flow
/// style, text plain where it reads back as text. Takes normalised values (<see cref="PropertyValue.Normalize(object)"/>).
/// </summary>
internal sealed class YamlWriter
{
    private const int Indent = 2;

    /// <summary>Keys from this many characters on are written with <c>?</c>.</summary>
    private const int LongestSimpleKey = 122;

    private readonly FoldingWriter _output;

    private YamlWriter(FoldingWriter output) => _output = output;

    /// <summary>The map as lines, each with its line end; an empty one as <c>{}</c>.</summary>
    public static string Write(PropertyMap map) => map.Count == 0 ? "{}\n" : WriteEntries(map, 0);

    /// <summary>The entries as lines at an indent, each with its line end.</summary>
    public static string WriteEntries(IEnumerable<KeyValuePair<string, object?>> entries, int indent)
    {
        var lines = new System.Text.StringBuilder();
        foreach (var (key, value) in entries)
        {
            var writer = new YamlWriter(new FoldingWriter(indent));
            writer.WriteEntry(key, value, indent);
            lines.Append(' ', indent).Append(writer._output).Append('\n');
        }

        return lines.ToString();
    }

    /// <summary>Items of a block list as lines at an indent, each with its line end.</summary>
    public static string WriteItems(IEnumerable<object?> items, int indent)
    {
        var lines = new System.Text.StringBuilder();
        foreach (var item in items)
        {
            var writer = new YamlWriter(new FoldingWriter(indent));
            writer.WriteItem(item, indent);
            lines.Append(' ', indent).Append(writer._output).Append('\n');
        }

        return lines.ToString();
    }

    /// <summary>What stands after the colon of a simple key that ends at a column: a space and a scalar, or a line end and the block; without a last line end.</summary>
    public static string WriteAfterColon(object? value, int column, int indent)
    {
        var writer = new YamlWriter(new FoldingWriter(column));
        writer.WriteValue(value, indent);
        return writer._output.ToString();
    }

    /// <summary>True for keys that are written as <c>key:</c> on one line.</summary>
    public static bool IsSimpleKey(string key)
    {
        var points = CodePoints.Of(key);
        return points.Length is > 0 and <= LongestSimpleKey && !TextAnalysis.Of(points).IsMultiline;
    }

    private void WriteEntry(string key, object? value, int indent)
    {
        if (IsSimpleKey(key))
        {
            WriteText(key, -1);
            _output.Write(":");
            WriteValue(value, indent);
            return;
        }

        _output.Write("? ");
        WriteText(key, indent + Indent);
        _output.NewLine(indent);
        _output.Write(": ");
        WriteInline(value, indent);
    }

    private void WriteValue(object? value, int indent)
    {
        switch (value)
        {
            case PropertyMap { Count: > 0 } map:
                foreach (var entry in map)
                {
                    _output.NewLine(indent + Indent);
                    WriteEntry(entry.Key, entry.Value, indent + Indent);
                }

                break;
            case IReadOnlyList<object?> { Count: > 0 } list:
                foreach (var item in list)
                {
                    _output.NewLine(indent);
                    WriteItem(item, indent);
                }

                break;
            default:
                _output.Write(" ");
                WriteScalar(value, indent + Indent);
                break;
        }
    }

    private void WriteItem(object? item, int indent)
    {
        _output.Write("- ");
        WriteInline(item, indent);
    }

    /// <summary>A value that begins on the line of its <c>- </c> or <c>: </c>.</summary>
    private void WriteInline(object? value, int indent)
    {
        switch (value)
        {
            case PropertyMap { Count: > 0 } map:
                Join(map, entry => WriteEntry(entry.Key, entry.Value, indent + Indent), indent + Indent);
                break;
            case IReadOnlyList<object?> { Count: > 0 } list:
                Join(list, item => WriteItem(item, indent + Indent), indent + Indent);
                break;
            default:
                WriteScalar(value, indent + Indent);
                break;
        }
    }

    private void Join<T>(IEnumerable<T> parts, Action<T> write, int indent)
    {
        var first = true;
        foreach (var part in parts)
        {
            if (!first)
            {
                _output.NewLine(indent);
            }

            write(part);
            first = false;
        }
    }

    private void WriteScalar(object? value, int indent)
    {
        if (value is string text)
        {
            WriteText(text, indent);
            return;
        }

        _output.Write(value switch
        {
            null => "null",
            PropertyMap => "{}",
            IReadOnlyList<object?> => "[]",
            bool flag => flag ? "true" : "false",
            long number => number.ToString(CultureInfo.InvariantCulture),
            BigInteger number => number.ToString(CultureInfo.InvariantCulture),
            double number => FloatText.Of(number),
            WrittenNumber number => number.Text,
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime time => YamlTimestamp.Format(time),
            DateTimeOffset time => YamlTimestamp.Format(time),
            _ => throw new DocumentException($"A property cannot hold a {value.GetType().Name}."),
        });
    }

    private void WriteText(string text, int indent)
    {
        var points = CodePoints.Of(text);
        var analysis = TextAnalysis.Of(points);
        var isKey = indent < 0;
        var style = analysis.AllowsPlain && !(isKey && IsMisreadAsKey(text)) && ScalarResolver.KindOf(text) == ScalarKind.Text ? TextStyle.Plain
            : analysis.AllowsSingleQuotes && !(isKey && analysis.IsMultiline) ? TextStyle.SingleQuoted
            : TextStyle.DoubleQuoted;
        _output.WriteScalar(points, style, indent);
    }

    /// <summary>Plain keys that YamlDotNet does not read as keys, though they are: one whose last word begins with an asterisk, and in places one that begins with a colon.</summary>
    private static bool IsMisreadAsKey(string text) => text.StartsWith(':') || text.Contains(" *", StringComparison.Ordinal);
}
