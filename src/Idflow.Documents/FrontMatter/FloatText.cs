using System.Globalization;

namespace Idflow.Documents.FrontMatter;

/// <summary>
/// A float as Python's <c>repr</c> and YAML 1.1 write it: the shortest digits that read back, an exponent below 1e-4 and from 1e16 on, a fraction
/// always (<c>1.0e+20</c>), so that it is read as a float again.
/// </summary>
internal static class FloatText
{
    public static string Of(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? ".nan" : number > 0 ? ".inf" : "-.inf";
        }

        var sign = double.IsNegative(number) ? "-" : "";
        var (digits, exponent) = Shortest(Math.Abs(number));
        if (exponent is < -4 or >= 16)
        {
            var fraction = digits.Length > 1 ? digits[1..] : "0";
            return $"{sign}{digits[0]}.{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("D2", CultureInfo.InvariantCulture)}";
        }

        if (exponent < 0)
        {
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        }

        var whole = digits.PadRight(exponent + 1, '0');
        return $"{sign}{whole[..(exponent + 1)]}.{(whole.Length > exponent + 1 ? whole[(exponent + 1)..] : "0")}";
    }

    /// <summary>The shortest digits d and the exponent e of <c>d[0].d[1..] * 10^e</c>.</summary>
    private static (string Digits, int Exponent) Shortest(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        var scientific = text.IndexOf('E');
        var mantissa = scientific < 0 ? text : text[..scientific];
        var shift = scientific < 0 ? 0 : int.Parse(text[(scientific + 1)..], CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.') is var at and >= 0 ? at : mantissa.Length;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        return digits.Length == 0 ? ("0", 0) : (digits.TrimEnd('0'), point - 1 - (all.Length - digits.Length) + shift);
    }
}
