using System.Numerics;

namespace Idflow.Documents.Query;

/// <summary>
/// A property value, or the operand of a filter, classified for ordering. Text that reads as a number, a version (at
/// least two dots, or a <c>v</c> before it) or an ISO 8601 date counts as one, because <c>--set</c> of the original
/// stores all of them as text. Timestamps without a zone count as UTC.
/// </summary>
internal readonly struct ComparableValue
{
    private readonly object _source;
    private readonly BigInteger _integer;
    private readonly double _double;
    private readonly bool _isInteger;
    private readonly DateTime _instant;
    private readonly VersionNumber? _version;

    private ComparableValue(ValueKind kind, object source, BigInteger integer = default, double number = 0, bool isInteger = false, DateTime instant = default, VersionNumber? version = null)
    {
        (Kind, _source, _integer, _double, _isInteger, _instant, _version) = (kind, source, integer, number, isInteger, instant, version);
    }

    public ValueKind Kind { get; }

    /// <summary>The text of the value, whatever its kind.</summary>
    public string Text => PropertyText.Of(_source);

    /// <summary>False where a value has no order: null, lists, maps, and numbers that are not a number.</summary>
    public static bool TryCreate(object? value, out ComparableValue comparable)
    {
        switch (value)
        {
            case string text:
                comparable = OfText(text);
                return true;
            case bool flag:
                comparable = new(ValueKind.Boolean, value, flag ? 1 : 0);
                return true;
            case long number:
                comparable = new(ValueKind.Number, value, number, isInteger: true);
                return true;
            case BigInteger number:
                comparable = new(ValueKind.Number, value, number, isInteger: true);
                return true;
            case double number when !double.IsNaN(number):
                comparable = new(ValueKind.Number, value, number: number);
                return true;
            case DateOnly date:
                comparable = new(ValueKind.Date, value, instant: date.ToDateTime(TimeOnly.MinValue));
                return true;
            case DateTime timestamp:
                comparable = new(ValueKind.Date, value, instant: timestamp);
                return true;
            case DateTimeOffset timestamp:
                comparable = new(ValueKind.Date, value, instant: timestamp.UtcDateTime);
                return true;
            default:
                comparable = default;
                return false;
        }
    }

    public static ComparableValue OfText(string text)
    {
        if (text.Length == 0 || text.Length > 100 || !CanBeTyped(text[0]))
        {
            return new(ValueKind.Text, text);
        }

        if (NumberText.TryParseInteger(text, out var integer))
        {
            return new(ValueKind.Number, text, integer, isInteger: true);
        }

        if (NumberText.TryParseDouble(text, out var number))
        {
            return new(ValueKind.Number, text, number: number);
        }

        if (DateText.TryParse(text, out var instant))
        {
            return new(ValueKind.Date, text, instant: instant);
        }

        return VersionNumber.TryParse(text, out var version) && version.IsUnmistakable
            ? new(ValueKind.Version, text, version: version)
            : new(ValueKind.Text, text);
    }

    /// <summary>
    /// The order of two values of one kind; null where their kinds have no common order. A number beside a version is
    /// read as a version (<c>2</c> is <c>2.0.0</c>).
    /// </summary>
    public static int? Compare(in ComparableValue left, in ComparableValue right)
    {
        if (left.Kind != right.Kind)
        {
            return left.Kind is ValueKind.Number or ValueKind.Version && right.Kind is ValueKind.Number or ValueKind.Version
                && left.AsVersion() is { } leftVersion && right.AsVersion() is { } rightVersion
                    ? leftVersion.CompareTo(rightVersion)
                    : null;
        }

        return left.Kind switch
        {
            ValueKind.Boolean => left._integer.CompareTo(right._integer),
            ValueKind.Number => CompareNumbers(left, right),
            ValueKind.Version => left._version!.CompareTo(right._version!),
            ValueKind.Date => left._instant.CompareTo(right._instant),
            _ => string.CompareOrdinal(left.Text, right.Text),
        };
    }

    /// <summary>Characters a number, date or version can begin with.</summary>
    private static bool CanBeTyped(char first) => char.IsAsciiDigit(first) || first is '-' or '+' or '.' or 'v';

    private static int CompareNumbers(in ComparableValue left, in ComparableValue right)
    {
        if (left._isInteger && right._isInteger)
        {
            return left._integer.CompareTo(right._integer);
        }

        if (!left._isInteger && !right._isInteger)
        {
            return left._double.CompareTo(right._double);
        }

        return left._isInteger ? -CompareMixed(right._double, left._integer) : CompareMixed(left._double, right._integer);
    }

    /// <summary>Exact: an integer beyond 2^53 is not rounded to a double.</summary>
    private static int CompareMixed(double number, BigInteger integer)
    {
        if (double.IsInfinity(number))
        {
            return number > 0 ? 1 : -1;
        }

        var floor = Math.Floor(number);
        var order = new BigInteger(floor).CompareTo(integer);
        return order == 0 && number > floor ? 1 : order;
    }

    private VersionNumber? AsVersion() =>
        _version ?? (VersionNumber.TryParse(Text, out var version) ? version : null);
}
