using System.Globalization;
using System.Text;

namespace Idflow.Engine.Jq;

/// <summary>jq's six types, in the order in which jq sorts them.</summary>
internal enum JqType { Null, False, True, Number, String, Array, Object }

/// <summary>A value that never changes; parts are shared.</summary>
internal abstract class JqValue : IComparable<JqValue>
{
    public static readonly JqValue Null = new JqNull();
    public static readonly JqValue True = new JqBool(true);
    public static readonly JqValue False = new JqBool(false);

    public abstract JqType Type { get; }

    public bool IsTrue => Type is not (JqType.Null or JqType.False);

    /// <summary>The name that <c>type</c> answers.</summary>
    public string TypeName => Type switch
    {
        JqType.Null => "null",
        JqType.False or JqType.True => "boolean",
        JqType.Number => "number",
        JqType.String => "string",
        JqType.Array => "array",
        _ => "object",
    };

    public static JqValue Of(bool value) => value ? True : False;

    public static JqValue Of(double value) => new JqNumber(value);

    public static JqValue Of(string value) => new JqString(value);

    public static JqValue Of(IReadOnlyList<JqValue> items) => new JqArray(items);

    public int CompareTo(JqValue? other)
    {
        if (other is null || Type != other.Type)
        {
            return other is null ? 1 : Type.CompareTo(other.Type);
        }

        return (this, other) switch
        {
            (JqNumber a, JqNumber b) => a.Value.CompareTo(b.Value),
            (JqString a, JqString b) => CompareText(a.Value, b.Value),
            (JqArray a, JqArray b) => CompareLists(a.Items, b.Items),
            (JqObject a, JqObject b) => CompareObjects(a, b),
            _ => 0,
        };
    }

    public override bool Equals(object? obj) => obj is JqValue other && CompareTo(other) == 0;

    public override int GetHashCode() => JqText.Write(this).GetHashCode(StringComparison.Ordinal);

    public override string ToString() => JqText.Write(this);

    /// <summary>By code point, as UTF-8 compares.</summary>
    public static int CompareText(string a, string b)
    {
        var length = Math.Min(a.Length, b.Length);
        for (var i = 0; i < length; i++)
        {
            if (a[i] != b[i])
            {
                return char.IsSurrogate(a[i]) == char.IsSurrogate(b[i]) ? a[i].CompareTo(b[i]) : char.IsSurrogate(a[i]) ? 1 : -1;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    private static int CompareLists(IReadOnlyList<JqValue> a, IReadOnlyList<JqValue> b)
    {
        for (var i = 0; i < a.Count && i < b.Count; i++)
        {
            if (a[i].CompareTo(b[i]) is var order and not 0)
            {
                return order;
            }
        }

        return a.Count.CompareTo(b.Count);
    }

    private static int CompareObjects(JqObject a, JqObject b)
    {
        var (aKeys, bKeys) = (a.SortedKeys(), b.SortedKeys());
        var order = CompareLists([.. aKeys.Select(Of)], [.. bKeys.Select(Of)]);
        for (var i = 0; order == 0 && i < aKeys.Count; i++)
        {
            order = a.Members[aKeys[i]].CompareTo(b.Members[aKeys[i]]);
        }

        return order;
    }
}

internal sealed class JqNull : JqValue
{
    public override JqType Type => JqType.Null;
}

internal sealed class JqBool(bool value) : JqValue
{
    public override JqType Type => value ? JqType.True : JqType.False;
}

/// <param name="literal">How the number was written, kept until something is computed with it.</param>
internal sealed class JqNumber(double value, string? literal = null) : JqValue
{
    public double Value { get; } = value;

    public string? Literal { get; } = literal;

    public override JqType Type => JqType.Number;
}

internal sealed class JqString(string value) : JqValue
{
    public string Value { get; } = value;

    public override JqType Type => JqType.String;

    /// <summary>Length in code points.</summary>
    public int Length => Value.EnumerateRunes().Count();
}

internal sealed class JqArray(IReadOnlyList<JqValue> items) : JqValue
{
    public static readonly JqArray Empty = new([]);

    public IReadOnlyList<JqValue> Items { get; } = items;

    public override JqType Type => JqType.Array;
}

/// <summary>A map in order of insertion. The members of a finished object are not changed.</summary>
internal sealed class JqObject(Dictionary<string, JqValue> members) : JqValue
{
    public static readonly JqObject Empty = new([]);

    public Dictionary<string, JqValue> Members { get; } = members;

    public override JqType Type => JqType.Object;

    public JqValue this[string key] => Members.GetValueOrDefault(key, Null);

    public IReadOnlyList<string> SortedKeys()
    {
        List<string> keys = [.. Members.Keys];
        keys.Sort(CompareText);
        return keys;
    }

    public JqObject With(string key, JqValue value) => new(new Dictionary<string, JqValue>(Members, StringComparer.Ordinal) { [key] = value });
}

/// <summary>Values as JSON text.</summary>
internal static class JqText
{
    public static string Write(JqValue value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    /// <summary>A value inside an error's text: long ones are cut.</summary>
    public static string Short(JqValue value)
    {
        const int Most = 10;
        var text = Write(value);
        return text.Length <= Most + 1 ? text : text[..Most] + "...";
    }

    private static void Append(StringBuilder text, JqValue value)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (value)
        {
            case JqNumber number:
                text.Append(Number(number));
                break;
            case JqString plain:
                AppendString(text, plain.Value);
                break;
            case JqArray array:
                text.Append('[');
                for (var i = 0; i < array.Items.Count; i++)
                {
                    text.Append(i == 0 ? "" : ",");
                    Append(text, array.Items[i]);
                }

                text.Append(']');
                break;
            case JqObject map:
                text.Append('{');
                var first = true;
                foreach (var (key, member) in map.Members)
                {
                    text.Append(first ? "" : ",");
                    AppendString(text, key);
                    text.Append(':');
                    Append(text, member);
                    first = false;
                }

                text.Append('}');
                break;
            default:
                text.Append(value.Type switch { JqType.True => "true", JqType.False => "false", _ => "null" });
                break;
        }
    }

    /// <summary>NaN is null, an infinity the largest number; whole numbers have no point.</summary>
    public static string Number(JqNumber number)
    {
        if (number.Literal is { } literal)
        {
            return literal;
        }

        var value = number.Value;
        if (double.IsNaN(value))
        {
            return "null";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "1.7976931348623157e+308" : "-1.7976931348623157e+308";
        }

        if (value == Math.Truncate(value) && Math.Abs(value) < 1e17)
        {
            return value == 0 && double.IsNegative(value) ? "-0" : ((long)value).ToString(CultureInfo.InvariantCulture);
        }

        return value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' or '\x7f' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
