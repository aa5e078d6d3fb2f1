using Idflow.Conductor;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.Execution;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Memory;
using Idflow.Engine.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Engine.Tests.Execution;

/// <summary>A child that is set going again takes its parent along, and the children beside it, whatever happens in between.</summary>
public sealed class RevivalTests : IAsyncDisposable
{
    private static readonly IReadOnlyList<WorkflowDef> Workflows =
    [
        .. ((string[])
        [
            """{"name":"one","tasks":[{"name":"breaks","taskReferenceName":"b"}]}""",
            """{"name":"two","tasks":[{"name":"work","taskReferenceName":"w"}]}""",
            """
            {"name":"pair","tasks":[
              {"name":"fork","taskReferenceName":"fork","type":"FORK_JOIN","forkTasks":[
                [{"name":"one","taskReferenceName":"one","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"one"}}],
                [{"name":"two","taskReferenceName":"two","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"two"}}]]},
              {"name":"join","taskReferenceName":"join","type":"JOIN","joinOn":["one","two"]}]}
            """,
            """
            {"name":"telling","tasks":[
              {"name":"tell","taskReferenceName":"tell","type":"EVENT","sink":"conductor:told"},
              {"name":"work","taskReferenceName":"w"}]}
            """,
        ]).Select(json => ConductorJson.Deserialize<WorkflowDef>(json)! with { OwnerEmail = "ops@example.com" }),
    ];

    private readonly InMemoryStore _disk = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public ValueTask DisposeAsync() => _disk.DisposeAsync();

    [Fact]
    public async Task A_crash_before_any_write_of_a_revival_leaves_no_child_behind()
    {
        for (var writes = 1; ; writes++)
        {
            var disk = new InMemoryStore();
            await FailAsync(disk, static () => false);
            var store = new FaultyStore(disk) { DiesAt = writes };
            await using (var dying = await OpenAsync(store))
            {
                await RetryUntilCrashAsync(dying, store, Child(disk, "one"));
            }
            await using var engine = await OpenAsync(disk);
            await CompleteAsync(engine, disk);
            if (!store.IsDead)
            {
                Assert.True(writes > 4, $"only {writes} writes");
                Assert.Equal(WorkflowStatus.COMPLETED, disk.ReadWorkflow(Child(disk, "pair"))!.Status);
                return;
            }
        }
    }

    [Fact]
    public async Task A_child_that_its_parent_waits_for_again_is_not_terminated_for_the_parents_first_end()
    {
        var isHeld = true;
        await FailAsync(_disk, () => Volatile.Read(ref isHeld));
        await using var engine = await OpenAsync(new FaultyStore(_disk) { Refuses = commits => Volatile.Read(ref isHeld) && commits.Any(commit => commit.Workflows.Any(write => write.Row is { Name: "two", Status: WorkflowStatus.TERMINATED })) });
        try
        {
            await engine.RetryWorkflowAsync(Child(_disk, "one"));
        }
        catch (StoreUnavailableException)
        {
            // The other child's refused end was on its way when it was set going; what is to follow stands in the outbox.
        }
        Volatile.Write(ref isHeld, false);

        await CompleteAsync(engine, _disk);
        Assert.Equal(WorkflowStatus.COMPLETED, _disk.ReadWorkflow(Child(_disk, "pair"))!.Status);
    }

    [Fact]
    public async Task A_rerun_from_an_event_sends_it_and_goes_on()
    {
        await using var engine = await OpenAsync(_disk);
        await RegisterAsync(engine);
        var id = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "telling", Input = [] });
        await CompleteAsync(engine, _disk);

        var tell = _disk.ReadTasks(id).Single(task => task.ReferenceName == "tell");
        await engine.RerunWorkflowAsync(id, new RerunWorkflowRequest { ReRunFromTaskId = tell.TaskId });
        await CompleteAsync(engine, _disk);
        Assert.Equal(WorkflowStatus.COMPLETED, _disk.ReadWorkflow(id)!.Status);
    }

    [Fact]
    public async Task A_parent_terminated_after_its_child_was_set_going_stays_so_and_its_children_end_with_it()
    {
        await FailAsync(_disk, static () => false);
        var isHeld = true;
        var store = new FaultyStore(_disk)
        {
            Refuses = commits => Volatile.Read(ref isHeld) && commits.Any(commit => commit.Workflows.Any(write => write.Row is { Name: "pair", Status: WorkflowStatus.RUNNING })),
        };
        await using var engine = await OpenAsync(store);
        await Assert.ThrowsAnyAsync<ConductorException>(() => engine.RetryWorkflowAsync(Child(_disk, "one")));
        await engine.TerminateWorkflowAsync(Child(_disk, "pair"));
        Volatile.Write(ref isHeld, false);

        await UntilAsync(() => Worker.IsQuiet(_disk));
        Assert.Equal((WorkflowStatus.TERMINATED, WorkflowStatus.TERMINATED), (_disk.ReadWorkflow(Child(_disk, "pair"))!.Status, _disk.ReadWorkflow(Child(_disk, "one"))!.Status));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_revival_that_was_carried_out_is_not_carried_out_again_after_the_parents_next_end(bool byBranch)
    {
        await FailAsync(_disk, static () => false);
        var (isHeld, refused) = (true, 0);
        var store = new FaultyStore(_disk)
        {
            // Nothing that an outbox row tells is done with, and no child is terminated.
            Refuses = commits => Volatile.Read(ref isHeld) && commits.Any(commit => commit.DeletedOutbox.Count > 0) && Interlocked.Increment(ref refused) > 0,
        };
        await using var engine = await OpenAsync(store);
        await engine.RetryWorkflowAsync(Child(_disk, "one"));
        Assert.Equal(WorkflowStatus.RUNNING, _disk.ReadWorkflow(Child(_disk, "pair"))!.Status);
        if (byBranch)
        {
            var task = _disk.ReadTasks(Child(_disk, "pair")).Single(task => task.ReferenceName == "two");
            await engine.UpdateTaskAsync(new TaskResult { WorkflowInstanceId = task.WorkflowId, TaskId = task.TaskId, Status = TaskResultStatus.FAILED });
        }
        else
        {
            await engine.TerminateWorkflowAsync(Child(_disk, "pair"));
        }
        var ended = _disk.ReadWorkflow(Child(_disk, "pair"))!.Status;
        Assert.Equal(byBranch ? WorkflowStatus.FAILED : WorkflowStatus.TERMINATED, ended);

        var seen = Volatile.Read(ref refused);
        await UntilAsync(() => Volatile.Read(ref refused) > seen + 4);
        Assert.Equal(ended, _disk.ReadWorkflow(Child(_disk, "pair"))!.Status);
        Volatile.Write(ref isHeld, false);
        await UntilAsync(() => _disk.ReadOutbox().Count == 0);
        Assert.Equal((ended, WorkflowStatus.TERMINATED), (_disk.ReadWorkflow(Child(_disk, "pair"))!.Status, _disk.ReadWorkflow(Child(_disk, "one"))!.Status));
    }

    private static string Child(InMemoryStore disk, string name) => disk.FindByName(name, null, 0, long.MaxValue).Single();

    private Task<EmbeddedEngine> OpenAsync(IEngineStore store) => EmbeddedEngine.OpenAsync(new EngineOptions { TimeProvider = _time, OwnWorkerIdPrefix = "worker", Limits = new EngineLimits { CommitsPerTransaction = 1 } }, store);

    private static async Task RegisterAsync(EmbeddedEngine engine)
    {
        await engine.CreateTaskDefsAsync(SampleWorkflows.TaskDefs);
        await engine.UpdateWorkflowDefsAsync(Workflows);
    }

    /// <summary>A parent that failed with one of its children; the termination of the other one may be held back.</summary>
    private async Task FailAsync(InMemoryStore disk, Func<bool> isTerminationHeld)
    {
        await using var engine = await OpenAsync(new FaultyStore(disk) { Refuses = commits => isTerminationHeld() && commits.Any(commit => commit.Workflows.Any(write => write.Row is { Name: "two", Status: WorkflowStatus.TERMINATED })) });
        await RegisterAsync(engine);
        var id = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "pair", Input = [] });
        var task = (await engine.PollTasksAsync("breaks", "elsewhere", timeout: TimeSpan.FromSeconds(5))).Single();
        await UntilAsync(() => disk.FindByName("two", null, 0, long.MaxValue).Count == 1);
        await engine.UpdateTaskAsync(new TaskResult { TaskId = task.TaskId, WorkflowInstanceId = task.WorkflowInstanceId, Status = TaskResultStatus.FAILED });
        await UntilAsync(() => disk.ReadWorkflow(id)!.Status == WorkflowStatus.FAILED && (isTerminationHeld() || disk.ReadOutbox().Count == 0));
    }

    private async Task RetryUntilCrashAsync(EmbeddedEngine engine, FaultyStore store, string child)
    {
        try
        {
            await engine.RetryWorkflowAsync(child);
            await UntilAsync(() => store.IsDead || store.ReadOutbox().Count == 0);
        }
        catch (ConductorException error) when (error.Retryable)
        {
            // The process is dead from here on.
        }
    }

    private Task CompleteAsync(EmbeddedEngine engine, InMemoryStore disk) => Worker.RunUntilAsync(engine, () => IsQuiet(disk), failing: false);

    /// <summary>Time passes only while something is waited for.</summary>
    private bool IsQuiet(InMemoryStore disk)
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return Worker.IsQuiet(disk);
    }

    private Task UntilAsync(Func<bool> isSo) => Until.HoldsAsync(() =>
    {
        var holds = isSo();
        if (!holds)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }
        return holds;
    });
}
