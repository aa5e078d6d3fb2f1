using System.Globalization;

namespace Idflow.Documents.Query;

/// <summary>ISO 8601 dates and timestamps; a space may stand for the <c>T</c>, and no zone means UTC.</summary>
internal static class DateText
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>The instant in UTC.</summary>
    public static bool TryParse(string text, out DateTime instant)
    {
        instant = default;
        return text.Length >= 10 && text[4] == '-' && DateTime.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant);
    }
}
