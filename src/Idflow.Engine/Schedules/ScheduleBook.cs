using System.Collections.Concurrent;
using Idflow.Conductor;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.Execution;
using Idflow.Engine.State;
using Idflow.Engine.Timers;
using Microsoft.Extensions.Logging;

namespace Idflow.Engine.Schedules;

/// <summary>
/// The engine's schedules: in memory, with a copy of each on disk, and a timer for the next time of each. A time that has come
/// starts its workflow under an idempotency key made of schedule and time, so that a crash in between starts it once.
/// </summary>
internal sealed class ScheduleBook : IDisposable
{
    private const string Settings = "scheduler";
    private const string PausedJson = """{"paused":true}""";

    private readonly ConcurrentDictionary<string, WorkflowSchedule> _schedules = new();
    private readonly AsyncGate _one;
    private readonly BackgroundWork _background;
    private readonly TimerHeap _timers;
    private readonly WorkflowRunner _runner;
    private readonly IIdSource _ids;
    private readonly ILogger _log;
    private Func<StartWorkflowRequest, Task<string>>? _startAsync;
    private volatile bool _paused;
    private volatile bool _closed;

    public ScheduleBook(IEnumerable<DocumentRow> stored, TimerHeap timers, WorkflowRunner runner, IIdSource ids, BackgroundWork background, ILogger log)
    {
        (_timers, _runner, _ids, _background, _log) = (timers, runner, ids, background, log);
        _one = new AsyncGate(background);
        foreach (var row in stored)
        {
            if (row.Kind == DocumentKind.Schedule)
            {
                _schedules[row.Name] = ConductorJson.Deserialize<WorkflowSchedule>(row.Json)!;
            }
            else if (row is { Kind: DocumentKind.Setting, Name: Settings })
            {
                _paused = row.Json == PausedJson;
            }
        }
    }

    public IReadOnlyList<WorkflowSchedule> All => [.. _schedules.Values.OrderBy(schedule => schedule.Name, StringComparer.Ordinal)];

    public WorkflowSchedule Get(string name) => _schedules.GetValueOrDefault(name) ?? throw ConductorException.NotFound($"Schedule '{name}' not found");

    /// <summary>From now on times that come start their workflows; those missed meanwhile are dropped, except with catch-up.</summary>
    public void Open(Func<StartWorkflowRequest, Task<string>> startAsync)
    {
        _startAsync = startAsync;
        ArmAll();
    }

    public Task<WorkflowSchedule> SaveAsync(WorkflowSchedule schedule)
    {
        ScheduleTimes.Check(schedule);
        return ChangeAsync(schedule.Name!, () =>
        {
            var known = _schedules.GetValueOrDefault(schedule.Name!);
            return schedule with
            {
                CreateTime = known?.CreateTime ?? _runner.Now(),
                CreatedBy = known?.CreatedBy ?? schedule.CreatedBy ?? "",
                UpdatedBy = schedule.UpdatedBy ?? "",
            };
        });
    }

    public Task PauseAsync(string name, string? reason) => ChangeAsync(name, () => Get(name) with { Paused = true, PausedReason = reason });

    public Task ResumeAsync(string name) => ChangeAsync(name, () => Get(name) with { Paused = false, PausedReason = null });

    public Task DeleteAsync(string name) => _one.RunAsync(async () =>
    {
        _ = Get(name);
        var changes = new StoreChanges();
        changes.DeletedDocuments.Add((DocumentKind.Schedule, name, 0));
        await _runner.WriteAsync(changes).ConfigureAwait(false);
        _schedules.TryRemove(name, out _);
        _timers.Clear(Key(name));
    });

    public Task SetPausedAsync(bool paused) => _one.RunAsync(async () =>
    {
        var changes = new StoreChanges();
        changes.Documents.Add(new DocumentRow(DocumentKind.Setting, Settings, 0, paused ? PausedJson : "{}"));
        await _runner.WriteAsync(changes).ConfigureAwait(false);
        _paused = paused;
        ArmAll();
    });

    /// <summary>The timer of a schedule has come; does not block.</summary>
    public void OnTimer(string name) => _background.Run(() => _ = RunTimerAsync(name));

    private async Task RunTimerAsync(string name)
    {
        try
        {
            await _one.RunAsync(() => RunDueAsync(name)).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // While the engine closes nothing is lost: the time is still due when it opens again.
            if (!_closed)
            {
                _log.LogError(error, "Schedule {Schedule} could not be run; it is tried again", name);
                _timers.Set(Key(name), name, _runner.Now() + 1000);
            }
        }
    }

    public void Dispose()
    {
        _closed = true;
    }

    private async Task RunDueAsync(string name)
    {
        if (_paused || !_schedules.TryGetValue(name, out var schedule) || schedule.NextRunTime is not { } slot)
        {
            return;
        }

        if (slot > _runner.Now())
        {
            Arm(schedule);
            return;
        }

        var changes = new StoreChanges();
        foreach (var (index, cron) in ScheduleTimes.DueAt(schedule, slot))
        {
            changes.ScheduleExecutions.Add(await StartAsync(schedule, slot, index, cron).ConfigureAwait(false));
        }

        await StoreAsync(schedule with { NextRunTime = ScheduleTimes.Next(schedule, slot, _runner.Now()) }, changes).ConfigureAwait(false);
    }

    private async Task<ScheduleExecutionRow> StartAsync(WorkflowSchedule schedule, long slot, int index, CronSchedule cron)
    {
        var start = ScheduledStart.Of(schedule, slot, index, cron, _runner.Now(), _ids.NewId());
        try
        {
            return start.Record(await _startAsync!(start.Request).ConfigureAwait(false), null);
        }
        catch (ConductorException refused) when (refused is not StoreUnavailableException)
        {
            _log.LogWarning("Schedule {Schedule} could not start workflow {Workflow}: {Reason}", schedule.Name, start.Request.Name, refused.Message);
            return start.Record(null, refused.Message);
        }
    }

    private async Task<WorkflowSchedule> ChangeAsync(string name, Func<WorkflowSchedule> change)
    {
        WorkflowSchedule? stored = null;
        await _one.RunAsync(async () =>
        {
            var changed = change();
            var now = _runner.Now();
            stored = changed with { UpdatedTime = now, NextRunTime = ScheduleTimes.Next(changed, now, now) };
            await StoreAsync(stored, new StoreChanges()).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return stored!;
    }

    private async Task StoreAsync(WorkflowSchedule schedule, StoreChanges changes)
    {
        changes.Documents.Add(new DocumentRow(DocumentKind.Schedule, schedule.Name!, 0, ConductorJson.Serialize(schedule)));
        await _runner.WriteAsync(changes).ConfigureAwait(false);
        _schedules[schedule.Name!] = schedule;
        Arm(schedule);
    }

    private void ArmAll()
    {
        var now = _runner.Now();
        foreach (var schedule in All)
        {
            var missed = schedule is { RunCatchupScheduleInstances: false, NextRunTime: { } slot } && slot < now;
            var current = missed ? schedule with { NextRunTime = ScheduleTimes.Next(schedule, now, now) } : schedule;
            _schedules[schedule.Name!] = current;
            Arm(current);
        }
    }

    private void Arm(WorkflowSchedule schedule) => _timers.Set(Key(schedule.Name!), schedule.Name!, _startAsync is null || _paused ? 0 : schedule.NextRunTime ?? 0);

    private static TimerKey Key(string name) => new(TimerKind.Schedule, name);
}
