using System.Globalization;
using System.Numerics;

namespace Idflow.Documents.Query;

/// <summary>Numbers as JSON and YAML write them, with an optional sign; no hexadecimal, no separators.</summary>
internal static class NumberText
{
    public static bool TryParseInteger(string text, out BigInteger value) =>
        BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    public static bool TryParseDouble(string text, out double value)
    {
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, Styles, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }
}
