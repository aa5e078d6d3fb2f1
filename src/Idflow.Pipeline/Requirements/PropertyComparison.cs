using System.Collections;
using System.Numerics;
using Idflow.Documents.Model;

namespace Idflow.Pipeline.Requirements;

/// <summary>Equality and order of property values as requirements use them.</summary>
internal static class PropertyComparison
{
    /// <summary>Deep equality: integers and floats by value, true is not 1, text never equals another kind.</summary>
    public static bool AreEqual(object? left, object? right, bool caseSensitive) => (left, right) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (string a, string b) => string.Equals(Fold(a, caseSensitive), Fold(b, caseSensitive), StringComparison.Ordinal),
        (bool a, bool b) => a == b,
        (bool, _) or (_, bool) => false,
        _ when IsNumber(left) && IsNumber(right) => CompareNumbers(left, right) == 0,
        (PropertyMap a, PropertyMap b) => a.Count == b.Count
            && a.All(entry => b.TryGetValue(entry.Key, out var other) && AreEqual(entry.Value, other, caseSensitive: true)),
        (PropertyMap, _) or (_, PropertyMap) or (string, _) or (_, string) => false,
        (IEnumerable a, IEnumerable b) => a.Cast<object?>().SequenceEqual(b.Cast<object?>(), Deep.Instance),
        (DateTimeOffset a, DateTimeOffset b) => a.UtcTicks == b.UtcTicks,
        _ => left.Equals(right),
    };

    /// <summary>Below 0, 0 or above 0; null for two values that have no order. True counts as 1 against a number.</summary>
    public static int? Compare(object? left, object? right, bool caseSensitive) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(Fold(a, caseSensitive), Fold(b, caseSensitive)),
        (DateOnly a, DateOnly b) => a.CompareTo(b),
        (DateTime a, DateTime b) => a.CompareTo(b),
        (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
        _ when AsNumber(left) is { } a && AsNumber(right) is { } b => CompareNumbers(a, b),
        _ => null,
    };

    public static string Fold(string text, bool caseSensitive) => caseSensitive ? text : text.ToLowerInvariant();

    private static object? AsNumber(object? value) => value is bool flag ? flag ? 1L : 0L : IsNumber(value) ? value : null;

    private static bool IsNumber(object? value) => value is long or BigInteger or double;

    /// <summary>Null only where one of them is not a number (NaN).</summary>
    private static int? CompareNumbers(object left, object right)
    {
        if (left is not double && right is not double)
        {
            return Integer(left).CompareTo(Integer(right));
        }

        if (left is double a && right is double b)
        {
            return double.IsNaN(a) || double.IsNaN(b) ? null : a.CompareTo(b);
        }

        return left is double single ? CompareMixed(single, Integer(right)) : -CompareMixed((double)right, Integer(left));
    }

    /// <summary>Exact also beyond 2^53, where an integer and its double differ.</summary>
    private static int? CompareMixed(double number, BigInteger integer)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? null : number > 0 ? 1 : -1;
        }

        var floor = Math.Floor(number);
        var order = new BigInteger(floor).CompareTo(integer);
        return order == 0 && number > floor ? 1 : order;
    }

    private static BigInteger Integer(object value) => value is long number ? number : (BigInteger)value;

    private sealed class Deep : IEqualityComparer<object?>
    {
        public static readonly Deep Instance = new();

        public new bool Equals(object? x, object? y) => AreEqual(x, y, caseSensitive: true);

        public int GetHashCode(object? obj) => 0;
    }
}
