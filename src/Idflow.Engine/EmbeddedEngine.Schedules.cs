using Idflow.Conductor.Model;
using Idflow.Engine.Schedules;
using Idflow.Engine.Search;
using Idflow.Engine.Storage.Memory;

namespace Idflow.Engine;

/// <summary>Schedules.</summary>
public sealed partial class EmbeddedEngine : IWorkflowScheduler
{
    /// <summary>How far back a search over runs of schedules looks.</summary>
    private const int SearchedExecutions = 10_000;
    private const int MostNextTimes = 5;

    public IReadOnlyList<WorkflowSchedule> GetSchedules(string? workflowName = null) =>
        [.. _parts.Schedules.All.Where(schedule => workflowName is null || schedule.StartWorkflowRequest?.Name == workflowName)];

    public WorkflowSchedule GetSchedule(string name) => _parts.Schedules.Get(name);

    public Task<WorkflowSchedule> SaveScheduleAsync(WorkflowSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return _parts.Schedules.SaveAsync(schedule);
    }

    public Task DeleteScheduleAsync(string name) => _parts.Schedules.DeleteAsync(name);

    public Task PauseScheduleAsync(string name, string? reason = null) => _parts.Schedules.PauseAsync(name, reason);

    public Task ResumeScheduleAsync(string name) => _parts.Schedules.ResumeAsync(name);

    public Task SetPausedAsync(bool paused) => _parts.Schedules.SetPausedAsync(paused);

    public IReadOnlyList<long> GetNextTimes(string cronExpression, long? from, long? until, int limit)
    {
        var times = CronTimes.Parse(cronExpression, null);
        var found = new List<long>();
        for (var next = times.Next(Math.Max(from ?? 0, _parts.Runner.Now())); next is { } time && (until is null || time <= until) && found.Count < Math.Min(limit, MostNextTimes); next = times.Next(time))
        {
            found.Add(time);
        }

        return found;
    }

    public SearchResult<ScheduleExecution> SearchExecutions(SearchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var runs = _parts.Store.ReadScheduleExecutions(null, 0, SearchedExecutions).Select(ScheduledStart.Shown).ToDictionary(run => run.ExecutionId!);
        var page = InMemorySearch.Page(SearchLanguage.ReadScheduleSearch(request), runs.Values, run => run.ExecutionId!, InMemorySearch.ScheduleField, InMemorySearch.ScheduleText);
        return new SearchResult<ScheduleExecution> { TotalHits = page.TotalHits, Results = [.. page.Ids.Select(id => runs[id])] };
    }
}
