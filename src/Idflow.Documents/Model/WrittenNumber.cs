using System.Globalization;
using System.Numerics;
using Idflow.Documents.FrontMatter;

namespace Idflow.Documents.Model;

/// <summary>
/// A number with the text that it shall be written with (<c>1.10</c>). Given to a store in place of the number; what stores give back is the number alone.
/// </summary>
public sealed record WrittenNumber
{
    private WrittenNumber(object number, string text) => (Number, Text) = (number, text);

    /// <summary>A <see cref="long"/>, <see cref="BigInteger"/> or <see cref="double"/>.</summary>
    public object Number { get; }

    public string Text { get; }

    /// <summary>
    /// The number with its text; the number alone where it is written so anyway, or where the text does not read as this number in a
    /// front matter (<c>1e3</c> is text in YAML 1.1).
    /// </summary>
    public static object Of(object number, string text) =>
        text == UsualText(number) || !ReadsAs(number, text) ? number : new WrittenNumber(number, text);

    private static string? UsualText(object number) => number is double fraction ? FloatText.Of(fraction) : Convert.ToString(number, CultureInfo.InvariantCulture);

    private static bool ReadsAs(object number, string text)
    {
        try
        {
            return PropertyValue.Same(ScalarValue.Of(text), number);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
