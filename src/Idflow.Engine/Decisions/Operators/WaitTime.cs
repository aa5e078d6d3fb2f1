using System.Globalization;
using System.Text.RegularExpressions;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>The texts of WAIT: <c>2 days 3h 5 min 10s</c>, and <c>yyyy-MM-dd[ HH:mm[ zone]]</c>.</summary>
internal static partial class WaitTime
{
    [GeneratedRegex(@"^\s*(?:(?<d>\d+)\s*(?:days?|d))?\s*(?:(?<h>\d+)\s*(?:hours?|hrs?|h))?\s*(?:(?<m>\d+)\s*(?:minutes?|mins?|m))?\s*(?:(?<s>\d+)\s*(?:seconds?|secs?|s))?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex DurationPattern();

    [GeneratedRegex(@"^(?<date>\d{4}-\d{2}-\d{2})(?: (?<time>\d{2}:\d{2})(?: (?<zone>\S+))?)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex UntilPattern();

    /// <summary>Null when the text is not a duration.</summary>
    public static TimeSpan? Duration(string text)
    {
        var match = DurationPattern().Match(text);
        if (!match.Success || !match.Groups.Values.Skip(1).Any(group => group.Success))
        {
            return null;
        }
        long Part(string name) => long.TryParse(match.Groups[name].Value, CultureInfo.InvariantCulture, out var value) ? value : 0;
        var seconds = ((Part("d") * 24 + Part("h")) * 60 + Part("m")) * 60 + Part("s");
        return seconds < 0 || seconds > TimeSpan.MaxValue.TotalSeconds / 2 ? null : TimeSpan.FromSeconds(seconds);
    }

    /// <summary>A point in time; in UTC when no zone is named. Null when the text is none.</summary>
    public static DateTimeOffset? Until(string text)
    {
        var match = UntilPattern().Match(text.Trim());
        if (!match.Success || !DateTime.TryParseExact($"{match.Groups["date"].Value} {(match.Groups["time"].Success ? match.Groups["time"].Value : "00:00")}",
            "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return null;
        }
        return !match.Groups["zone"].Success ? new DateTimeOffset(local, TimeSpan.Zero)
            : OffsetOf(match.Groups["zone"].Value, local) is { } offset ? new DateTimeOffset(local, offset) : null;
    }

    /// <summary>Of <c>UTC</c>, <c>GMT+02:00</c>, <c>+0200</c>, or a zone by name or common abbreviation.</summary>
    private static TimeSpan? OffsetOf(string zone, DateTime local)
    {
        var text = zone.StartsWith("GMT", StringComparison.OrdinalIgnoreCase) || zone.StartsWith("UTC", StringComparison.OrdinalIgnoreCase) ? zone[3..] : zone;
        if (text is "" or "Z" or "z")
        {
            return TimeSpan.Zero;
        }
        if (text[0] is '+' or '-')
        {
            var digits = text[1..].Replace(":", "", StringComparison.Ordinal).PadLeft(2, '0').PadRight(4, '0');
            return TimeSpan.TryParseExact(digits, "hhmm", CultureInfo.InvariantCulture, out var offset) ? (text[0] == '-' ? -offset : offset) : null;
        }
        return TimeZoneInfo.TryFindSystemTimeZoneById(Abbreviations.GetValueOrDefault(zone, zone), out var found) ? found.GetUtcOffset(local) : null;
    }

    private static readonly Dictionary<string, string> Abbreviations = new()
    {
        ["PST"] = "America/Los_Angeles",
        ["PDT"] = "America/Los_Angeles",
        ["MST"] = "America/Denver",
        ["MDT"] = "America/Denver",
        ["CST"] = "America/Chicago",
        ["CDT"] = "America/Chicago",
        ["EST"] = "America/New_York",
        ["EDT"] = "America/New_York",
        ["CET"] = "Europe/Paris",
        ["CEST"] = "Europe/Paris",
        ["BST"] = "Europe/London",
        ["IST"] = "Asia/Kolkata",
        ["JST"] = "Asia/Tokyo",
    };
}
