using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Memory;
using Idflow.Engine.Tests.Support;
using SQLitePCL;

namespace Idflow.Engine.Tests.Execution;

/// <summary>A workflow that is inside a long decision keeps nobody from the tasks of others.</summary>
public sealed class BusyWorkflowTests : IAsyncDisposable
{
    private readonly ManualResetEventSlim _inside = new();
    private readonly ManualResetEventSlim _leave = new();
    private readonly InMemoryStore _disk = new();
    private readonly EmbeddedEngine _engine;
    private volatile bool _breaksOff;
    private volatile bool _isUnreadable;

    public BusyWorkflowTests() => _engine = EmbeddedEngine.OpenAsync(new EngineOptions { Environment = Hold }, new FaultyStore(_disk) { BeforeRead = Read }).GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        _leave.Set();
        await _engine.DisposeAsync();
        await _disk.DisposeAsync();
        _inside.Dispose();
        _leave.Dispose();
    }

    /// <summary>Evaluating <c>${workflow.env.HOLD}</c> takes until the test lets it end.</summary>
    private string? Hold(string name)
    {
        _inside.Set();
        Assert.True(_leave.Wait(TimeSpan.FromSeconds(60)));
        return _breaksOff ? throw new NotSupportedException("broken off, on purpose") : name;
    }

    private void Read(string what)
    {
        if (_isUnreadable)
        {
            throw EngineStoreException.For(raw.SQLITE_IOERR, $"{what} failed, on purpose", "engine.db");
        }
    }

    private static WorkflowTask Simple(string reference, string? name = null) => new() { Name = name ?? reference, TaskReferenceName = reference };

    /// <summary>A number of tasks <c>work</c>, and a branch that holds the workflow once its task <c>go</c> is done.</summary>
    private async Task<string> StartBusyAsync(int tasks)
    {
        var hold = new WorkflowTask { Name = "hold", TaskReferenceName = "hold", Type = TaskTypes.SetVariable, InputParameters = new JsonObject { ["x"] = "${workflow.env.HOLD}" } };
        WorkflowTask[][] branches = [[Simple("go"), hold], .. Enumerable.Range(0, tasks).Select(n => new[] { Simple($"w{n}", "work") })];
        var fork = new WorkflowTask { Name = "fork", TaskReferenceName = "fork", Type = TaskTypes.ForkJoin, ForkTasks = [.. branches] };
        var join = new WorkflowTask { Name = "join", TaskReferenceName = "join", Type = TaskTypes.Join, JoinOn = ["hold", .. Enumerable.Range(0, tasks).Select(n => $"w{n}")] };
        return await _engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "busy", WorkflowDef = new WorkflowDef { Name = "busy", Tasks = [fork, join] } });
    }

    private Task<string> StartFreeAsync() => _engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "free", WorkflowDef = new WorkflowDef { Name = "free", Tasks = [Simple("w", "work")] } });

    private static TaskResult Completed(TaskExecution task) => new() { TaskId = task.TaskId, WorkflowInstanceId = task.WorkflowInstanceId, Status = TaskResultStatus.COMPLETED };

    private async Task<Task> EnterAsync()
    {
        var go = (await _engine.PollTasksAsync("go", "w")).Single();
        var update = Task.Run(() => _engine.UpdateTaskAsync(Completed(go)));
        Assert.True(_inside.Wait(TimeSpan.FromSeconds(60)));
        return update;
    }

    [Fact]
    public async Task A_poller_gets_the_tasks_of_other_workflows_meanwhile_and_those_of_the_busy_one_afterwards()
    {
        var busy = await StartBusyAsync(tasks: 3);
        var free = await StartFreeAsync();
        var update = await EnterAsync();

        Assert.Equal([free], (await _engine.PollTasksAsync("work", "w", count: 10)).Select(task => task.WorkflowInstanceId));
        Assert.Empty(await _engine.PollTasksAsync("work", "w", count: 10, timeout: TimeSpan.FromMilliseconds(1)));

        var waiting = _engine.PollTasksAsync("work", "w", count: 10, timeout: TimeSpan.FromSeconds(5));
        _leave.Set();
        var first = await waiting;
        var tasks = first.ToList();
        while (tasks.Count < 3)
        {
            var more = await _engine.PollTasksAsync("work", "w", count: 10, timeout: TimeSpan.FromSeconds(5));
            Assert.NotEmpty(more);
            tasks.AddRange(more);
        }
        await update;
        Assert.Equal(["w0", "w1", "w2"], tasks.Select(task => task.ReferenceTaskName).Order());
        Assert.All(tasks, task => Assert.Equal(busy, task.WorkflowInstanceId));
        foreach (var task in tasks)
        {
            await _engine.UpdateTaskAsync(Completed(task));
        }
        Assert.Equal(WorkflowStatus.COMPLETED, (await _engine.GetWorkflowAsync(busy)).Status);
    }

    [Fact]
    public async Task A_workflow_that_ends_while_its_tasks_are_put_aside_hands_out_none_of_them()
    {
        await StartBusyAsync(tasks: 2);
        var update = await EnterAsync();
        Assert.Empty(await _engine.PollTasksAsync("work", "w", count: 10, timeout: TimeSpan.FromMilliseconds(1)));
        var id = (await _engine.SearchWorkflowsAsync(new SearchRequest())).Results.Single().WorkflowId!;

        var termination = Task.Run(() => _engine.TerminateWorkflowAsync(id));
        _leave.Set();
        await update;
        await termination;

        // Tasks may have been handed out between the decision and the end; their results are dropped then.
        var late = await _engine.PollTasksAsync("work", "w", count: 10, timeout: TimeSpan.FromMilliseconds(200));
        Assert.All(late, task => Assert.Equal(id, task.WorkflowInstanceId));
        Assert.Empty(await _engine.PollTasksAsync("work", "w", count: 10, timeout: TimeSpan.FromMilliseconds(50)));
        Assert.Equal(0, await _engine.GetQueueSizeAsync("work"));
    }

    [Fact]
    public async Task Tasks_put_aside_wait_in_their_queue_again_when_the_workflow_cannot_be_read_just_then()
    {
        await StartBusyAsync(tasks: 2);
        var update = await EnterAsync();
        Assert.Empty(await _engine.PollTasksAsync("work", "w", count: 10, timeout: TimeSpan.FromMilliseconds(1)));
        Assert.Equal(0, await _engine.GetQueueSizeAsync("work"));

        // The decision is broken off, so that the workflow is to be read anew.
        (_breaksOff, _isUnreadable) = (true, true);
        _leave.Set();
        await Assert.ThrowsAsync<NotSupportedException>(() => update);
        await Until.HoldsAsync(async () => await _engine.GetQueueSizeAsync("work") >= 2);
        _isUnreadable = false;
        Assert.Equal(["w0", "w1"], (await _engine.PollTasksAsync("work", "w", count: 10)).Select(task => task.ReferenceTaskName).Order());
        Assert.Empty(await _engine.PollTasksAsync("work", "w", count: 10, timeout: TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public async Task Many_pollers_and_busy_moments_hand_out_each_task_once()
    {
        _leave.Set();
        var ids = new List<string>();
        for (var n = 0; n < 20; n++)
        {
            ids.Add(await StartBusyAsync(tasks: 20));
        }
        var seen = new ConcurrentDictionary<string, int>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), limit.Token, async (n, stop) =>
        {
            while (seen.Count < 20 * 21)
            {
                foreach (var task in await _engine.PollTasksAsync(n % 4 == 0 ? "go" : "work", $"w{n}", count: 3, timeout: TimeSpan.FromMilliseconds(20), cancellationToken: stop))
                {
                    seen.AddOrUpdate(task.TaskId!, 1, (_, count) => count + 1);
                    await _engine.UpdateTaskAsync(Completed(task), stop);
                }
            }
        });
        Assert.Empty(await _engine.PollTasksAsync("work", "w", count: 100, timeout: TimeSpan.FromMilliseconds(20)));

        Assert.Equal(20 * 21, seen.Count);
        Assert.All(seen.Values, count => Assert.Equal(1, count));
        foreach (var id in ids)
        {
            Assert.Equal(WorkflowStatus.COMPLETED, (await _engine.GetWorkflowAsync(id)).Status);
        }
    }
}
