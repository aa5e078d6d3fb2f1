using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Execution;
using Idflow.Engine.Storage.Memory;
using Idflow.Engine.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Engine.Tests.Execution;

/// <summary>A store that refuses a write now and then (a full disk): the caller is told, and the engine stays as the disk has it.</summary>
public sealed class StoreFailureTests
{
    [Fact]
    public async Task A_start_that_is_not_on_disk_is_not_acknowledged()
    {
        var failing = false;
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions(), new FaultyStore(new InMemoryStore()) { FailsAt = _ => failing });
        await SampleWorkflows.RegisterAsync(engine);
        failing = true;
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "child" }));
        Assert.True(error.Retryable);
        failing = false;

        Assert.Empty(await engine.GetRunningWorkflowIdsAsync("child"));
        Assert.NotNull(await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "child" }));
    }

    [Fact]
    public async Task A_result_that_is_not_on_disk_can_be_sent_again()
    {
        var failing = false;
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions(), new FaultyStore(new InMemoryStore()) { FailsAt = _ => failing });
        await SampleWorkflows.RegisterAsync(engine);
        var id = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "child" });
        var task = (await engine.PollTasksAsync("work", "w", timeout: TimeSpan.FromSeconds(5))).Single();
        await engine.GetWorkflowAsync(id);
        var result = new TaskResult { TaskId = task.TaskId, WorkflowInstanceId = id, Status = TaskResultStatus.COMPLETED };

        failing = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => engine.UpdateTaskAsync(result));
        failing = false;
        Assert.Equal(TaskExecutionStatus.IN_PROGRESS, (await engine.GetTaskAsync(task.TaskId!)).Status);

        await engine.UpdateTaskAsync(result);
        Assert.Equal(WorkflowStatus.COMPLETED, (await engine.GetWorkflowAsync(id)).Status);
    }

    [Fact]
    public async Task Tasks_of_a_dead_process_go_back_although_the_first_write_fails()
    {
        var disk = new InMemoryStore();
        string? taskId;
        await using (var first = await EmbeddedEngine.OpenAsync(new EngineOptions(), disk))
        {
            await SampleWorkflows.RegisterAsync(first);
            await first.StartWorkflowAsync(new StartWorkflowRequest { Name = "failing" });
            taskId = (await first.PollTasksAsync("breaks", "idflow:1", timeout: TimeSpan.FromSeconds(5))).Single().TaskId;
        }

        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { TimeProvider = time }, new FaultyStore(disk) { FailsAt = number => number == 1 });
        IReadOnlyList<TaskExecution> tasks = [];
        while (tasks.Count == 0)
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Delay(1, TestContext.Current.CancellationToken);
            tasks = await engine.PollTasksAsync("breaks", "idflow:2", timeout: TimeSpan.Zero);
        }
        Assert.Equal(taskId, tasks[0].TaskId);
    }

    [Fact]
    public async Task A_time_of_a_schedule_whose_start_is_refused_by_the_disk_is_not_lost()
    {
        var disk = new InMemoryStore();
        var refusals = 1;
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { TimeProvider = time }, new FaultyStore(disk)
        {
            Refuses = commits => commits.Any(commit => commit.Workflows.Count > 0) && refusals-- > 0,
        });
        await SampleWorkflows.RegisterAsync(engine);
        var saved = await engine.SaveScheduleAsync(new WorkflowSchedule { Name = "s", CronExpression = "0 0 0 * * ?", StartWorkflowRequest = new StartWorkflowRequest { Name = "cleanup" } });
        time.SetUtcNow(DateTimeOffset.FromUnixTimeMilliseconds(saved.NextRunTime!.Value));
        while (engine.SearchExecutions(new SearchRequest()).TotalHits == 0)
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
        Assert.Equal("EXECUTED", Assert.Single(engine.SearchExecutions(new SearchRequest()).Results).State);
        Assert.Single(disk.FindByName("cleanup", null, 0, long.MaxValue));
    }

    [Fact]
    public async Task A_removed_workflow_is_not_written_any_more()
    {
        var disk = new InMemoryStore();
        using var isRemoving = new ManualResetEventSlim();
        using var mayRemove = new ManualResetEventSlim();
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions(), new FaultyStore(disk)
        {
            Refuses = commits =>
            {
                if (commits.Any(commit => commit.DeletedWorkflows.Count > 0))
                {
                    isRemoving.Set();
                    mayRemove.Wait(TimeSpan.FromSeconds(20));
                }
                return false;
            },
        });
        await SampleWorkflows.RegisterAsync(engine);
        var id = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "failing" });
        var task = (await engine.PollTasksAsync("breaks", "w", timeout: TimeSpan.FromSeconds(5))).Single();

        var removal = Task.Run(() => engine.RemoveWorkflowAsync(id, archiveWorkflow: false), TestContext.Current.CancellationToken);
        isRemoving.Wait(TestContext.Current.CancellationToken);
        var result = Task.Run(() => engine.UpdateTaskAsync(new TaskResult { TaskId = task.TaskId, WorkflowInstanceId = id, Status = TaskResultStatus.FAILED }), TestContext.Current.CancellationToken);
        mayRemove.Set();
        await removal;

        Assert.Equal(404, (await Assert.ThrowsAnyAsync<ConductorException>(() => result)).Status);
        Assert.Null(disk.ReadWorkflow(id));
        Assert.Null(disk.ReadTask(task.TaskId!));
        Assert.Empty(disk.ReadOutbox());
    }
}
