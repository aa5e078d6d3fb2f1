using System.Globalization;
using System.Text;

namespace Idflow.Engine.Jq;

using Table = Dictionary<(string Name, int Arity), JqBuiltin>;

/// <summary>
/// Times as seconds since 1970, and broken down as jq has them: year, month from 0, day, hours, minutes, seconds with
/// fraction, weekday from Sunday 0, day of the year from 0. All in UTC.
/// </summary>
internal static class JqDates
{
    private const string Iso = "%Y-%m-%dT%H:%M:%SZ";

    public static void Add(Table table)
    {
        table[("now", 0)] = JqBuiltin.Value(0, (machine, _, _) => JqValue.Of(machine.Limits.Time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0));
        table.Value("gmtime", input => BrokenDown(Seconds(input)));
        table.Value("localtime", input => BrokenDown(Seconds(input)));
        table.Value("mktime", input => JqValue.Of(Math.Floor(FromBrokenDown(input))));
        table.Value("strftime", (input, format) => JqValue.Of(Format(TimeOf(input), Text(format))));
        table.Value("strflocaltime", (input, format) => JqValue.Of(Format(TimeOf(input), Text(format))));
        table.Value("strptime", (input, format) => BrokenDown(Parse(JqStrings.Text(input, "strptime/1 requires string inputs and arguments"), Text(format))));
        foreach (var name in (string[])["todate", "todateiso8601"])
        {
            table.Value(name, input => JqValue.Of(Format(At(Math.Floor(Seconds(input))), Iso)));
        }

        foreach (var name in (string[])["fromdate", "fromdateiso8601"])
        {
            table.Value(name, input => JqValue.Of(Parse(JqStrings.Text(input, "strptime/1 requires string inputs and arguments"), Iso)));
        }

        table.Value("date", input => JqValue.Of(Format(At(Math.Floor(Seconds(input))), Iso)));
        table.Value("dateadd", (input, _, seconds) => JqValue.Of(Seconds(input) + Seconds(seconds)));
        table.Value("datesub", (input, _, seconds) => JqValue.Of(Seconds(input) - Seconds(seconds)));
    }

    private static string Text(JqValue format) => JqStrings.Text(format, "is not a format of time");

    private static double Seconds(JqValue value) => value is JqNumber number ? number.Value : throw new JqError($"{value.TypeName} ({JqText.Short(value)}) number required");

    private static DateTime At(double seconds)
    {
        try
        {
            return DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new JqError("error converting number of seconds since epoch to datetime");
        }
    }

    private static DateTime TimeOf(JqValue value) => value is JqNumber number ? At(number.Value) : At(FromBrokenDown(value));

    private static JqValue BrokenDown(double seconds)
    {
        var time = At(Math.Floor(seconds));
        return JqValue.Of([.. new[]
        {
            time.Year, time.Month - 1, time.Day, time.Hour, time.Minute, time.Second + (seconds - Math.Floor(seconds)), (double)time.DayOfWeek, time.DayOfYear - 1,
        }.Select(JqValue.Of)]);
    }

    private static double FromBrokenDown(JqValue value)
    {
        if (value is not JqArray { Items.Count: >= 6 } parts || !parts.Items.All(part => part is JqNumber))
        {
            throw new JqError("mktime requires array of 6 numbers");
        }

        var numbers = parts.Items.Select(part => ((JqNumber)part).Value).ToList();
        try
        {
            var start = new DateTime((int)numbers[0], 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths((int)numbers[1]);
            return (start - DateTime.UnixEpoch).TotalSeconds + (numbers[2] - 1) * 86400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5];
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new JqError("invalid gmtime representation");
        }
    }

    private static string Format(DateTime time, string format)
    {
        var culture = CultureInfo.InvariantCulture;
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            text.Append(format[++i] switch
            {
                'Y' => time.Year.ToString(culture),
                'C' => (time.Year / 100).ToString("00", culture),
                'y' => time.ToString("yy", culture),
                'm' => time.ToString("MM", culture),
                'd' => time.ToString("dd", culture),
                'e' => time.Day.ToString(culture).PadLeft(2),
                'H' => time.ToString("HH", culture),
                'I' => time.ToString("hh", culture),
                'M' => time.ToString("mm", culture),
                'S' => time.ToString("ss", culture),
                'j' => time.DayOfYear.ToString("000", culture),
                'Z' => "UTC",
                'z' => "+0000",
                'a' => time.ToString("ddd", culture),
                'A' => time.ToString("dddd", culture),
                'b' or 'h' => time.ToString("MMM", culture),
                'B' => time.ToString("MMMM", culture),
                'p' => time.ToString("tt", culture),
                's' => ((long)(time - DateTime.UnixEpoch).TotalSeconds).ToString(culture),
                'u' => (time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek).ToString(culture),
                'w' => ((int)time.DayOfWeek).ToString(culture),
                'V' => ISOWeek.GetWeekOfYear(time).ToString("00", culture),
                'G' => ISOWeek.GetYear(time).ToString(culture),
                'T' => time.ToString("HH:mm:ss", culture),
                'R' => time.ToString("HH:mm", culture),
                'D' => time.ToString("MM/dd/yy", culture),
                'F' => time.ToString("yyyy-MM-dd", culture),
                'c' => $"{time.ToString("ddd MMM", culture)} {time.Day,2} {time.ToString("HH:mm:ss yyyy", culture)}",
                'n' => "\n",
                't' => "\t",
                '%' => "%",
                var other => throw new JqError($"strftime/1: unknown conversion %{other}"),
            });
        }

        return text.ToString();
    }

    /// <summary>By the base library, with the conversions that it has.</summary>
    private static double Parse(string text, string format)
    {
        var pattern = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            pattern.Append(format[i] != '%' || i + 1 == format.Length ? $"'{format[i]}'" : format[++i] switch
            {
                'Y' => "yyyy",
                'y' => "yy",
                'm' => "MM",
                'd' => "dd",
                'e' => "d",
                'H' => "HH",
                'I' => "hh",
                'M' => "mm",
                'S' => "ss",
                'a' => "ddd",
                'A' => "dddd",
                'b' or 'h' => "MMM",
                'B' => "MMMM",
                'p' => "tt",
                'T' => "HH:mm:ss",
                'R' => "HH:mm",
                'F' => "yyyy-MM-dd",
                'D' => "MM/dd/yy",
                'Z' => "'UTC'",
                'z' => "zzz",
                '%' => "'%'",
                var other => throw new JqError($"strptime/1: unknown conversion %{other}"),
            });
        }

        return DateTimeOffset.TryParseExact(text, pattern.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? (time.UtcDateTime - DateTime.UnixEpoch).TotalSeconds
            : throw new JqError($"date \"{text}\" does not match format \"{format}\"");
    }
}
