using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.Engine.Schedules;

/// <summary>When a schedule is due. Pure; times are epoch milliseconds.</summary>
internal static class ScheduleTimes
{
    /// <summary>
    /// The next time: with catch-up the one after the last time dealt with, whatever the bounds; else the first after both that and
    /// now, within the bounds. Null when paused or when none is left.
    /// </summary>
    public static long? Next(WorkflowSchedule schedule, long last, long now)
    {
        if (schedule.Paused)
        {
            return null;
        }

        if (schedule.RunCatchupScheduleInstances)
        {
            return After(schedule, last);
        }

        var after = Math.Max(now, last);
        if (schedule.ScheduleStartTime is { } start and > 0)
        {
            after = Math.Max(after, start - 1);
        }

        return After(schedule, after) is { } next && (schedule.ScheduleEndTime is not ({ } end and > 0) || next <= end) ? next : null;
    }

    /// <summary>The expressions that name this very time, with their places.</summary>
    public static IReadOnlyList<(int Index, CronSchedule Cron)> DueAt(WorkflowSchedule schedule, long slot) =>
        [.. Crons(schedule).Select((cron, index) => (index, cron)).Where(entry => Times(entry.cron).Next(slot - 1) == slot)];

    /// <exception cref="ConductorException">400 with what is missing or wrong.</exception>
    public static void Check(WorkflowSchedule schedule)
    {
        if (string.IsNullOrWhiteSpace(schedule.Name))
        {
            throw ConductorException.BadRequest("A schedule needs a name");
        }

        if (string.IsNullOrWhiteSpace(schedule.StartWorkflowRequest?.Name))
        {
            throw ConductorException.BadRequest($"Schedule '{schedule.Name}' needs startWorkflowRequest.name, the workflow to start");
        }

        foreach (var cron in Crons(schedule))
        {
            _ = Times(cron);
        }
    }

    /// <summary>The expressions, the one of the schedule itself only where it has no list.</summary>
    private static IReadOnlyList<CronSchedule> Crons(WorkflowSchedule schedule) => schedule.CronSchedules.Count > 0
        ? schedule.CronSchedules
        : [new CronSchedule { CronExpression = schedule.CronExpression, ZoneId = schedule.ZoneId }];

    private static long? After(WorkflowSchedule schedule, long time) => Crons(schedule).Select(cron => Times(cron).Next(time)).Min();

    private static CronTimes Times(CronSchedule cron) => CronTimes.Parse(cron.CronExpression, cron.ZoneId);
}
