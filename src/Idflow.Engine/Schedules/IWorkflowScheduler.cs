using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.Engine.Schedules;

/// <summary>Schedules of an engine: cron expressions that start workflows. Every change is on disk when its task completes.</summary>
public interface IWorkflowScheduler
{
    /// <summary>All schedules by name.</summary>
    /// <param name="workflowName">Only those that start this workflow; null = all.</param>
    IReadOnlyList<WorkflowSchedule> GetSchedules(string? workflowName = null);

    /// <exception cref="ConductorException">404 for an unknown name.</exception>
    WorkflowSchedule GetSchedule(string name);

    /// <summary>Stores or replaces a schedule; its next time is the first one from now on.</summary>
    /// <exception cref="ConductorException">400: no name, no workflow to start, an unreadable expression or an unknown zone.</exception>
    Task<WorkflowSchedule> SaveScheduleAsync(WorkflowSchedule schedule);

    /// <exception cref="ConductorException">404 for an unknown name.</exception>
    Task DeleteScheduleAsync(string name);

    /// <exception cref="ConductorException">404 for an unknown name.</exception>
    Task PauseScheduleAsync(string name, string? reason = null);

    /// <exception cref="ConductorException">404 for an unknown name.</exception>
    Task ResumeScheduleAsync(string name);

    /// <summary>Holds all schedules, or lets them go on; survives a restart.</summary>
    Task SetPausedAsync(bool paused);

    /// <summary>The next times of an expression in UTC, as epoch milliseconds.</summary>
    /// <param name="cronExpression">As in <see cref="WorkflowSchedule.CronExpression"/>.</param>
    /// <param name="from">Epoch milliseconds; null = now.</param>
    /// <param name="until">Epoch milliseconds; null = no end.</param>
    /// <param name="limit">At most 5 are answered.</param>
    IReadOnlyList<long> GetNextTimes(string cronExpression, long? from, long? until, int limit);

    /// <summary>
    /// Runs of schedules, newest first unless an order is given. Fields: <c>executionId</c>, <c>scheduleName</c>, <c>workflowName</c> (or <c>workflowType</c>),
    /// <c>workflowId</c>, <c>state</c> (or <c>status</c>; EXECUTED or FAILED), <c>scheduledTime</c>, <c>executionTime</c> (or <c>startTime</c>), <c>reason</c>.
    /// </summary>
    /// <exception cref="ConductorException">400 for a condition that cannot be read.</exception>
    SearchResult<ScheduleExecution> SearchExecutions(SearchRequest request);
}
