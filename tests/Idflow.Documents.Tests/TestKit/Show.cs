using System.Globalization;
using System.Text;
using Idflow.Documents.Model;

namespace Idflow.Documents.Tests.TestKit;

/// <summary>Values as text that shows the type, for comparing and for messages of failed tests.</summary>
internal static class Show
{
    public static string Value(object? value) => value switch
    {
        null => "null",
        string text => $"\"{Escape(text)}\"",
        bool flag => flag ? "true" : "false",
        double number => "float " + (number == 0 && double.IsNegative(number) ? "-0" : number.ToString("R", CultureInfo.InvariantCulture)),
        DateOnly day => "date " + day.ToString("O", CultureInfo.InvariantCulture),
        DateTime time => "time " + time.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset time => "instant " + time.ToString("O", CultureInfo.InvariantCulture),
        PropertyMap map => "{" + string.Join(", ", map.Select(entry => $"\"{Escape(entry.Key)}\": {Value(entry.Value)}")) + "}",
        IReadOnlyList<object?> list => "[" + string.Join(", ", list.Select(Value)) + "]",
        _ => value.GetType().Name + " " + Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    public static string Escape(string text)
    {
        var result = new StringBuilder();
        foreach (var character in text)
        {
            _ = character is >= ' ' and <= '~' ? result.Append(character) : result.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        }

        return result.ToString();
    }
}
