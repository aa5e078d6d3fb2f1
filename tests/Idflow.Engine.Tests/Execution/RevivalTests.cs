using Idflow.Conductor;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.Execution;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Memory;
using Idflow.Engine.Tests.Support;

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

    private static string Child(InMemoryStore disk, string name) => disk.FindByName(name, null, 0, long.MaxValue).Single();

    private static Task<EmbeddedEngine> OpenAsync(IEngineStore store) => EmbeddedEngine.OpenAsync(new EngineOptions { OwnWorkerIdPrefix = "worker", Limits = new EngineLimits { CommitsPerTransaction = 1 } }, store);

    private static async Task RegisterAsync(EmbeddedEngine engine)
    {
        await engine.CreateTaskDefsAsync(SampleWorkflows.TaskDefs);
        await engine.UpdateWorkflowDefsAsync(Workflows);
    }

    /// <summary>A parent that failed with one of its children; the termination of the other one may be held back.</summary>
    private static async Task FailAsync(InMemoryStore disk, Func<bool> isTerminationHeld)
    {
        await using var engine = await OpenAsync(new FaultyStore(disk) { Refuses = commits => isTerminationHeld() && commits.Any(commit => commit.Workflows.Any(write => write.Row is { Name: "two", Status: WorkflowStatus.TERMINATED })) });
        await RegisterAsync(engine);
        var id = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "pair", Input = [] });
        var task = (await engine.PollTasksAsync("breaks", "elsewhere", timeout: TimeSpan.FromSeconds(5))).Single();
        await UntilAsync(() => disk.FindByName("two", null, 0, long.MaxValue).Count == 1);
        await engine.UpdateTaskAsync(new TaskResult { TaskId = task.TaskId, WorkflowInstanceId = task.WorkflowInstanceId, Status = TaskResultStatus.FAILED });
        await UntilAsync(() => disk.ReadWorkflow(id)!.Status == WorkflowStatus.FAILED && (isTerminationHeld() || disk.ReadOutbox().Count == 0));
    }

    private static async Task RetryUntilCrashAsync(EmbeddedEngine engine, FaultyStore store, string child)
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

    private static Task CompleteAsync(EmbeddedEngine engine, InMemoryStore disk) => Worker.RunUntilAsync(engine, () => Worker.IsQuiet(disk), failing: false);

    private static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
