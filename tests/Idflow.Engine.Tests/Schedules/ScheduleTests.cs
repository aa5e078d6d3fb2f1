using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Engine.Tests.Schedules;

public sealed class ScheduleTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 30, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Start);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("idflow-schedules-");
    private EmbeddedEngine _engine = null!;

    public async ValueTask InitializeAsync()
    {
        await OpenAsync();
        await _engine.UpdateWorkflowDefsAsync([new WorkflowDef
        {
            Name = "wf",
            Tasks = [new WorkflowTask { Name = "hold", TaskReferenceName = "hold", Type = TaskTypes.Wait }],
        }]);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Schedule_starts_its_workflow_each_time_it_is_due()
    {
        var saved = await _engine.SaveScheduleAsync(EachMinute() with { StartWorkflowRequest = new StartWorkflowRequest { Name = "wf", CorrelationId = "c", Input = new JsonObject { ["v"] = 1 } } });
        Assert.Equal(Start.AddSeconds(30).ToUnixTimeMilliseconds(), saved.NextRunTime);

        _time.Advance(TimeSpan.FromSeconds(29));
        await AssertRunsAsync(0);
        _time.Advance(TimeSpan.FromSeconds(1));
        await AssertRunsAsync(1);
        _time.Advance(TimeSpan.FromMinutes(1));
        await AssertRunsAsync(2);

        var run = await _engine.GetWorkflowAsync((await _engine.GetRunningWorkflowIdsAsync("wf"))[0]);
        Assert.Equal(("c", 1, "s"), (run.CorrelationId, run.Input["v"]!.GetValue<int>(), run.Input["_startedByScheduler"]!.GetValue<string>()));
        Assert.Equal(Start.AddSeconds(30).ToUnixTimeMilliseconds(), run.Input["_scheduledTime"]!.GetValue<long>());
        var records = _engine.SearchExecutions(new SearchRequest { Query = "scheduleName = s" });
        Assert.Equal(2, records.TotalHits);
        Assert.All(records.Results, record => Assert.Equal(("EXECUTED", "wf"), (record.State, record.WorkflowName)));
        AssertFound(2, "scheduleName IN (s,other) AND workflowType IN (wf) AND status IN (POLLED,EXECUTED,FAILED)");
        AssertFound(1, $"executionId='{records.Results[0].ExecutionId}'");
        AssertFound(1, $"startTime>{Start.AddSeconds(60).ToUnixTimeMilliseconds()}");
        AssertFound(0, "state = FAILED");
        AssertFound(2, "unknown = 1");
        var oldest = _engine.SearchExecutions(new SearchRequest { Sort = "scheduledTime:ASC", Size = 1 });
        Assert.Equal((2, records.Results[1].ExecutionId), (oldest.TotalHits, oldest.Results.Single().ExecutionId));
    }

    private void AssertFound(int hits, string query) => Assert.Equal(hits, _engine.SearchExecutions(new SearchRequest { Query = query }).TotalHits);

    [Fact]
    public async Task Paused_schedule_starts_nothing_until_it_is_resumed()
    {
        await _engine.SaveScheduleAsync(EachMinute());
        await _engine.PauseScheduleAsync("s", "holiday");
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal((true, "holiday", null), _engine.GetSchedule("s") is var paused ? (paused.Paused, paused.PausedReason, paused.NextRunTime) : default);

        await _engine.ResumeScheduleAsync("s");
        _time.Advance(TimeSpan.FromMinutes(1));

        await AssertRunsAsync(1);
    }

    [Fact]
    public async Task Hold_of_all_schedules_survives_a_restart()
    {
        await _engine.SaveScheduleAsync(EachMinute());
        await _engine.SetPausedAsync(true);
        await ReopenAsync();
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Empty(_engine.SearchExecutions(new SearchRequest()).Results);

        await _engine.SetPausedAsync(false);
        _time.Advance(TimeSpan.FromMinutes(1));

        await AssertRunsAsync(1);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    public async Task Times_missed_while_the_engine_was_closed_are_dropped_or_made_up_for(bool catchup, int expected)
    {
        await _engine.SaveScheduleAsync(EachMinute() with { RunCatchupScheduleInstances = catchup });
        await _engine.DisposeAsync();
        _time.Advance(TimeSpan.FromMinutes(3));
        await OpenAsync();
        await AssertRunsAsync(expected - 1);

        _time.Advance(TimeSpan.FromMinutes(1));

        await AssertRunsAsync(expected);
    }

    [Fact]
    public async Task Start_that_is_refused_is_recorded_with_its_reason()
    {
        await _engine.SaveScheduleAsync(EachMinute() with { StartWorkflowRequest = new StartWorkflowRequest { Name = "none" } });
        _time.Advance(TimeSpan.FromMinutes(1));

        await UntilAsync(() => _engine.SearchExecutions(new SearchRequest { Query = "scheduleName = s AND state = FAILED" }).TotalHits == 1);

        Assert.Contains("name=none", _engine.SearchExecutions(new SearchRequest { Query = "scheduleName = s AND state = FAILED" }).Results.Single().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bounds_and_several_expressions_hold()
    {
        var saved = await _engine.SaveScheduleAsync(EachMinute() with
        {
            CronExpression = null,
            CronSchedules = [new CronSchedule { CronExpression = "0 0 9 * * *", ZoneId = "Europe/Berlin" }, new CronSchedule { CronExpression = "0 0 9 * * *", ZoneId = "UTC" }],
            ScheduleStartTime = Start.AddDays(2).ToUnixTimeMilliseconds(),
            ScheduleEndTime = Start.AddDays(3).ToUnixTimeMilliseconds(),
        });

        Assert.Equal(new DateTimeOffset(2026, 11, 27, 8, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), saved.NextRunTime);
        Assert.Null((await _engine.SaveScheduleAsync(saved with { ScheduleEndTime = Start.AddDays(1).ToUnixTimeMilliseconds() })).NextRunTime);
    }

    [Fact]
    public async Task Incomplete_schedule_is_refused_and_an_unknown_one_not_found()
    {
        Assert.Equal(400, (await Assert.ThrowsAsync<ConductorException>(() => _engine.SaveScheduleAsync(EachMinute() with { Name = "" }))).Status);
        Assert.Equal(400, (await Assert.ThrowsAsync<ConductorException>(() => _engine.SaveScheduleAsync(EachMinute() with { StartWorkflowRequest = null }))).Status);
        Assert.Equal(400, (await Assert.ThrowsAsync<ConductorException>(() => _engine.SaveScheduleAsync(EachMinute() with { CronExpression = "whenever" }))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ConductorException>(() => _engine.DeleteScheduleAsync("s"))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ConductorException>(() => _engine.PauseScheduleAsync("s"))).Status);
        Assert.Equal("Schedule 's' not found", Assert.Throws<ConductorException>(() => _engine.GetSchedule("s")).Message);
    }

    [Fact]
    public async Task Deleted_schedule_is_gone_for_good()
    {
        await _engine.SaveScheduleAsync(EachMinute());
        await _engine.DeleteScheduleAsync("s");
        await ReopenAsync();

        Assert.Empty(_engine.GetSchedules());
    }

    private static WorkflowSchedule EachMinute() => new() { Name = "s", CronExpression = "0 * * * * *", StartWorkflowRequest = new StartWorkflowRequest { Name = "wf" } };

    private async Task OpenAsync() => _engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = _directory.FullName, TimeProvider = _time });

    private async Task ReopenAsync()
    {
        await _engine.DisposeAsync();
        await OpenAsync();
    }

    /// <summary>So many runs, each with its record.</summary>
    private async Task AssertRunsAsync(int count)
    {
        await UntilAsync(() => _engine.SearchExecutions(new SearchRequest { Query = "scheduleName = s" }).TotalHits >= count);
        Assert.Equal(count, (await _engine.GetRunningWorkflowIdsAsync("wf")).Count);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
