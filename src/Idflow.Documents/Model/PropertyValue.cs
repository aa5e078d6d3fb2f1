using System.Collections;
using System.Numerics;

namespace Idflow.Documents.Model;

/// <summary>The values that a <see cref="PropertyMap"/> may hold: bringing others into that form, and comparing them.</summary>
public static class PropertyValue
{
    private const int DeepestLevel = 90;

    /// <summary>
    /// The value in the form that stores keep: whole numbers as <see cref="long"/> (<see cref="BigInteger"/> beyond 64 bit),
    /// fractions as <see cref="double"/>, dictionaries as <see cref="PropertyMap"/>, other sequences as lists.
    /// </summary>
    /// <exception cref="DocumentException">The value, or one inside it, has no such form.</exception>
    public static object? Normalize(object? value) => Normalize(value, 1, keepsText: false);

    /// <summary>All values of the map in the form that stores keep.</summary>
    public static PropertyMap Normalize(PropertyMap map) => (PropertyMap)Normalize(map, 1, keepsText: false)!;

    /// <summary>The same for a map that is about to be written: a <see cref="WrittenNumber"/> stays one.</summary>
    internal static PropertyMap NormalizeToWrite(PropertyMap map) => (PropertyMap)Normalize(map, 1, keepsText: true)!;

    /// <summary>
    /// Equality as a store sees it: same type and same content, maps in any order. <c>1</c> is not <c>1.0</c>, <c>0.0</c> is not
    /// <c>-0.0</c>, and the same instant under another offset is another value, because they are written differently.
    /// </summary>
    public static bool Same(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b) || (double.IsNaN(a) && double.IsNaN(b)),
        (DateTimeOffset a, DateTimeOffset b) => a.EqualsExact(b),
        (PropertyMap a, PropertyMap b) => ReferenceEquals(a, b) || (a.Count == b.Count && a.All(entry => b.TryGetValue(entry.Key, out var other) && Same(entry.Value, other))),
        (PropertyMap, _) or (_, PropertyMap) => false,
        (IReadOnlyList<object?> a, IReadOnlyList<object?> b) => a.Count == b.Count && !a.Where((item, index) => !Same(item, b[index])).Any(),
        _ => left.GetType() == right.GetType() && left.Equals(right),
    };

    private static object? Normalize(object? value, int depth, bool keepsText)
    {
        if (depth > DeepestLevel)
        {
            throw new DocumentException($"A property value is nested deeper than {DeepestLevel} levels.");
        }

        return value switch
        {
            null or bool or long or double or string or DateOnly or DateTimeOffset => value,
            WrittenNumber written => keepsText ? written : written.Number,
            int or short or sbyte or byte or ushort or uint => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture),
            ulong number => number <= long.MaxValue ? (object)(long)number : new BigInteger(number),
            BigInteger number => number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number,
            float number => (double)number,
            decimal number => (double)number,
            DateTime { Kind: DateTimeKind.Unspecified } => value,
            DateTime instant => new DateTimeOffset(instant),
            Guid id => id.ToString(),
            IEnumerable<KeyValuePair<string, object?>> entries => new PropertyMap(entries.Select(entry => new KeyValuePair<string, object?>(entry.Key, Normalize(entry.Value, depth + 1, keepsText)))),
            IEnumerable items => items.Cast<object?>().Select(item => Normalize(item, depth + 1, keepsText)).ToList(),
            _ => throw new DocumentException($"A property cannot hold a {value.GetType().Name}; use text, a number, a boolean, a date, a list or a map."),
        };
    }
}
