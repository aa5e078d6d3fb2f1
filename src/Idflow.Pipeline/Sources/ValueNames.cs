using Idflow.Documents.Query;

namespace Idflow.Pipeline.Sources;

/// <summary>How messages show a property value: text in quotes, shortened.</summary>
internal static class ValueNames
{
    private const int LongestText = 60;

    public static string Show(object? value)
    {
        var text = PropertyText.Of(value).ReplaceLineEndings(" ");
        text = text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText), "..");
        return value is string ? $"\"{text}\"" : text;
    }
}
