using System.Globalization;
using Cronos;
using Idflow.Conductor;

namespace Idflow.Engine.Schedules;

/// <summary>
/// The times of one cron expression as Spring writes them: six fields with the seconds first, or a macro; a seventh field of years
/// is taken too. Days at which the clock changes follow the zone's rules.
/// </summary>
internal sealed class CronTimes
{
    private const int LastYear = 2199;
    private readonly CronExpression _expression;
    private readonly IReadOnlyList<int>? _years;
    private readonly TimeZoneInfo _zone;

    private CronTimes(CronExpression expression, IReadOnlyList<int>? years, TimeZoneInfo zone)
    {
        (_expression, _years, _zone) = (expression, years, zone);
    }

    /// <exception cref="ConductorException">400, with what is wrong in the expression or the zone.</exception>
    public static CronTimes Parse(string? expression, string? zoneId)
    {
        var fields = (expression ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(string.IsNullOrEmpty(zoneId) ? "UTC" : zoneId, out var zone))
        {
            throw ConductorException.BadRequest($"zoneId '{zoneId}' is not a known time zone; write it as Europe/Berlin or UTC");
        }

        var isMacro = fields is [['@', ..]];
        if (!isMacro && fields.Length is not (6 or 7))
        {
            throw ConductorException.BadRequest($"cronExpression '{expression}' has {fields.Length} fields; six are needed, seconds first, such as '0 30 8 * * MON-FRI'");
        }

        try
        {
            var parsed = isMacro ? CronExpression.Parse(fields[0]) : CronExpression.Parse(string.Join(' ', fields.Take(6)), CronFormat.IncludeSeconds);
            return new CronTimes(parsed, fields.Length == 7 ? Years(fields[6]) : null, zone);
        }
        catch (Exception exception) when (exception is CronFormatException or MissingSeedException)
        {
            throw ConductorException.BadRequest($"cronExpression '{expression}': {exception.Message}");
        }
    }

    /// <summary>The first time after <paramref name="after"/>, or null when there is none; epoch milliseconds.</summary>
    public long? Next(long after)
    {
        for (var from = DateTimeOffset.FromUnixTimeMilliseconds(after); _expression.GetNextOccurrence(from, _zone) is { } next;)
        {
            var year = TimeZoneInfo.ConvertTime(next, _zone).Year;
            if (_years is null || _years.Contains(year))
            {
                return next.ToUnixTimeMilliseconds();
            }

            // Straight to the next year that counts, a second before it starts.
            if (_years.Where(candidate => candidate > year).DefaultIfEmpty(0).Min() is not (> 0 and var following))
            {
                return null;
            }

            var start = new DateTime(following, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);
            from = new DateTimeOffset(start, _zone.GetUtcOffset(start)).AddSeconds(-1);
        }

        return null;
    }

    private static List<int>? Years(string field)
    {
        if (field is "*" or "?")
        {
            return null;
        }

        var years = new List<int>();
        foreach (var part in field.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !Year(ends[0], out var first) || !Year(ends[^1], out var last) || last < first)
            {
                throw new CronFormatException($"'{field}' are not years; write 2030, 2030-2035 or 2030,2032");
            }

            years.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return years;
    }

    private static bool Year(string text, out int year) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out year) && year is >= 1970 and <= LastYear;
}
