using System.Globalization;
using CsCheck;
using Idflow.Conductor;
using Idflow.Engine.Schedules;

namespace Idflow.Engine.Tests.Schedules;

public sealed class CronTimesTests
{
    [Theory]
    [InlineData("0 0 0 1 1 ?", "UTC", "2026-11-24T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("0 30 8 * * MON-FRI", "UTC", "2026-11-27T08:30:00Z", "2026-11-30T08:30:00Z")]
    [InlineData("*/10 * * * * *", "UTC", "2026-11-24T00:00:09.999Z", "2026-11-24T00:00:10Z")]
    [InlineData("0 0 12 * * *", "America/New_York", "2026-07-01T00:00:00Z", "2026-07-01T16:00:00Z")]
    [InlineData("0 30 2 * * *", "Europe/Berlin", "2027-03-27T12:00:00Z", "2027-03-28T01:00:00Z")]
    [InlineData("@hourly", "UTC", "2026-11-24T00:59:59Z", "2026-11-24T01:00:00Z")]
    [InlineData("0 0 0 1 1 ? 2099", "UTC", "2026-11-24T00:00:00Z", "2099-01-01T00:00:00Z")]
    [InlineData("0 0 0 1 6 ? 2030-2031,2040", "UTC", "2031-06-01T00:00:00Z", "2040-06-01T00:00:00Z")]
    public void Next_time_is_the_first_after_the_given_one(string expression, string zone, string after, string expected) =>
        Assert.Equal(Ms(expected), CronTimes.Parse(expression, zone).Next(Ms(after)));

    [Theory]
    [InlineData("0 0 0 1 1 ? 2020")]
    [InlineData("0 0 0 31 2 ?")]
    public void Expression_without_a_time_left_has_no_next(string expression) =>
        Assert.Null(CronTimes.Parse(expression, null).Next(Ms("2026-11-24T00:00:00Z")));

    [Theory]
    [InlineData("* * * * *", "UTC", "5 fields")]
    [InlineData("", "UTC", "0 fields")]
    [InlineData(null, "UTC", "0 fields")]
    [InlineData("0 0 25 * * *", "UTC", "'0 0 25 * * *'")]
    [InlineData("@sometimes", "UTC", "'@sometimes'")]
    [InlineData("0 0 0 1 1 ? soon", "UTC", "years")]
    [InlineData("0 0 0 * * *", "Mars/Olympus", "'Mars/Olympus'")]
    public void Unreadable_expression_is_refused_with_what_is_wrong(string? expression, string zone, string expected)
    {
        var error = Assert.Throws<ConductorException>(() => CronTimes.Parse(expression, zone));

        Assert.Equal(400, error.Status);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_read_or_refused() =>
        Gen.String[Gen.OneOf(Gen.Char["0123456789*/?,-LW#@ "], Gen.Char['A', 'Z']), 0, 30].Sample(text =>
        {
            try
            {
                CronTimes.Parse(text, null).Next(0);
            }
            catch (ConductorException exception)
            {
                Assert.Equal(400, exception.Status);
            }
        });

    private static long Ms(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
