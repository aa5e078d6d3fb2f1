using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Idflow.Documents.Query;

/// <summary>
/// A version: numbers between dots (missing ones are 0), an optional <c>v</c> before them, an optional pre-release after
/// <c>-</c> that orders as in Semantic Versioning 2.0.0, section 11; build metadata after <c>+</c> does not count.
/// </summary>
internal sealed partial class VersionNumber : IComparable<VersionNumber>
{
    private readonly BigInteger[] _numbers;
    private readonly string[] _preRelease;

    private VersionNumber(BigInteger[] numbers, string[] preRelease, bool isUnmistakable)
    {
        (_numbers, _preRelease, IsUnmistakable) = (numbers, preRelease, isUnmistakable);
    }

    /// <summary>It cannot be a number: at least two dots, or a <c>v</c> before it.</summary>
    public bool IsUnmistakable { get; }

    public static bool TryParse(string text, [NotNullWhen(true)] out VersionNumber? version)
    {
        var match = Form().Match(text);
        if (!match.Success)
        {
            version = null;
            return false;
        }

        var numbers = match.Groups["numbers"].Value.Split('.').Select(number => BigInteger.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var preRelease = match.Groups["pre"].Success ? match.Groups["pre"].Value.Split('.') : [];
        version = new VersionNumber(numbers, preRelease, numbers.Length > 2 || text[0] == 'v');
        return true;
    }

    public int CompareTo(VersionNumber? other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < Math.Max(_numbers.Length, other._numbers.Length); i++)
        {
            var order = NumberAt(i).CompareTo(other.NumberAt(i));
            if (order != 0)
            {
                return order;
            }
        }

        if (_preRelease.Length == 0 || other._preRelease.Length == 0)
        {
            return other._preRelease.Length.CompareTo(_preRelease.Length);
        }

        for (var i = 0; i < Math.Min(_preRelease.Length, other._preRelease.Length); i++)
        {
            var order = ComparePreRelease(_preRelease[i], other._preRelease[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return _preRelease.Length.CompareTo(other._preRelease.Length);
    }

    private static int ComparePreRelease(string left, string right)
    {
        var leftIsNumber = NumberText.TryParseInteger(left, out var leftNumber);
        var rightIsNumber = NumberText.TryParseInteger(right, out var rightNumber);
        return leftIsNumber && rightIsNumber ? leftNumber.CompareTo(rightNumber)
            : leftIsNumber != rightIsNumber ? (leftIsNumber ? -1 : 1)
            : string.CompareOrdinal(left, right);
    }

    private BigInteger NumberAt(int index) => index < _numbers.Length ? _numbers[index] : 0;

    [GeneratedRegex(@"^v?(?<numbers>[0-9]+(\.[0-9]+)*)(-(?<pre>[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?(\+[0-9A-Za-z.-]+)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
