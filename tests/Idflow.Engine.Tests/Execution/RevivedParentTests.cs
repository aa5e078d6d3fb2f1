using System.Text.Json.Nodes;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Engine.Tests.Execution;

/// <summary>A child is retried: what becomes of the parent that waited for it, in each state and shape.</summary>
public sealed class RevivedParentTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private EmbeddedEngine _engine = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = await EmbeddedEngine.OpenAsync(new EngineOptions { TimeProvider = _time });
        await RegisterAsync("""{"name":"child","tasks":[{"name":"work","taskReferenceName":"work","retryCount":0}]}""");
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task A_parent_that_failed_with_the_child_goes_on()
    {
        await RegisterAsync("""{"name":"parent","tasks":[{"name":"s","taskReferenceName":"s","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"child"}},{"name":"after","taskReferenceName":"after"}]}""");
        var id = await StartAsync("parent");
        var child = await FailAsync(id, "s");

        await _engine.RetryWorkflowAsync(child);
        var running = await _engine.GetWorkflowAsync(id);
        Assert.Equal((WorkflowStatus.RUNNING, null), (running.Status, running.ReasonForIncompletion));
        Assert.Empty(running.FailedReferenceTaskNames ?? []);
        var task = running.Tasks.Single();
        Assert.Equal((TaskExecutionStatus.IN_PROGRESS, child), (task.Status, task.SubWorkflowId));

        await WorkAsync(child);
        await WorkAsync(id);
        await EndsAsync(id, WorkflowStatus.COMPLETED);
    }

    [Fact]
    public async Task A_parent_that_an_operator_terminated_goes_on_with_its_child()
    {
        await RegisterAsync(Plain);
        var id = await StartAsync("plain");
        var child = await ChildAsync(id, "s");
        await _engine.TerminateWorkflowAsync(id, "enough");
        await EndsAsync(child, WorkflowStatus.TERMINATED);

        await _engine.RetryWorkflowAsync(child);
        Assert.Equal(WorkflowStatus.RUNNING, (await _engine.GetWorkflowAsync(id)).Status);
        await WorkAsync(child);
        await EndsAsync(id, WorkflowStatus.COMPLETED);
    }

    [Fact]
    public async Task A_parent_that_timed_out_goes_on_and_has_its_time_again()
    {
        await RegisterAsync("""{"name":"timed","timeoutSeconds":60,"timeoutPolicy":"TIME_OUT_WF","tasks":[{"name":"s","taskReferenceName":"s","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"child"}}]}""");
        var id = await StartAsync("timed");
        var child = await ChildAsync(id, "s");
        _time.Advance(TimeSpan.FromSeconds(61));
        await EndsAsync(id, WorkflowStatus.TIMED_OUT);
        await EndsAsync(child, WorkflowStatus.TERMINATED);

        await _engine.RetryWorkflowAsync(child);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(WorkflowStatus.RUNNING, (await _engine.GetWorkflowAsync(id)).Status);
        _time.Advance(TimeSpan.FromSeconds(2));
        await EndsAsync(id, WorkflowStatus.TIMED_OUT);

        await EndsAsync(child, WorkflowStatus.TERMINATED);
        await _engine.RetryWorkflowAsync(child);
        await WorkAsync(child);
        await EndsAsync(id, WorkflowStatus.COMPLETED);
    }

    [Fact]
    public async Task A_paused_parent_waits_for_the_child_again_and_stays_paused()
    {
        await RegisterAsync(Plain);
        var id = await StartAsync("plain");
        var child = await ChildAsync(id, "s");
        await _engine.PauseWorkflowAsync(id);
        await WorkAsync(child, TaskResultStatus.FAILED);
        await AwaitAsync(id, workflow => workflow.Tasks.Single().Status == TaskExecutionStatus.FAILED);

        await _engine.RetryWorkflowAsync(child);
        var paused = await _engine.GetWorkflowAsync(id);
        Assert.Equal((WorkflowStatus.PAUSED, TaskExecutionStatus.IN_PROGRESS), (paused.Status, paused.Tasks.Single().Status));

        await WorkAsync(child);
        await AwaitAsync(id, workflow => workflow.Tasks.Single().Status == TaskExecutionStatus.COMPLETED);
        Assert.Equal(WorkflowStatus.PAUSED, (await _engine.GetWorkflowAsync(id)).Status);
        await _engine.ResumeWorkflowAsync(id);
        await EndsAsync(id, WorkflowStatus.COMPLETED);
    }

    [Fact]
    public async Task All_parents_above_go_on()
    {
        await RegisterAsync(Plain);
        await RegisterAsync(Over("middle", "plain"));
        await RegisterAsync(Over("top", "middle"));
        var top = await StartAsync("top");
        var middle = await ChildAsync(top, "s");
        var plain = await ChildAsync(middle, "s");
        var child = await FailAsync(plain, "s");
        await EndsAsync(top, WorkflowStatus.FAILED);

        await _engine.RetryWorkflowAsync(child);
        foreach (var id in (string[])[plain, middle, top])
        {
            Assert.Equal(WorkflowStatus.RUNNING, (await _engine.GetWorkflowAsync(id)).Status);
        }
        await WorkAsync(child);
        await EndsAsync(top, WorkflowStatus.COMPLETED);
    }

    [Fact]
    public async Task A_loop_goes_on_in_the_pass_of_the_child()
    {
        await RegisterAsync("""
            {"name":"looping","tasks":[{"name":"loop","taskReferenceName":"loop","type":"DO_WHILE","loopCondition":"$.loop['iteration'] < 3","loopOver":[
              {"name":"s","taskReferenceName":"s","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"child"}}]}]}
            """);
        var id = await StartAsync("looping");
        await WorkAsync(await ChildAsync(id, "s__1"));
        var child = await FailAsync(id, "s__2");

        await _engine.RetryWorkflowAsync(child);
        var running = await _engine.GetWorkflowAsync(id);
        Assert.Equal(WorkflowStatus.RUNNING, running.Status);
        Assert.All(running.Tasks.Where(task => task.ReferenceTaskName is "loop" or "s__2"), task => Assert.Equal(TaskExecutionStatus.IN_PROGRESS, task.Status));

        await WorkAsync(child);
        await WorkAsync(await ChildAsync(id, "s__3"));
        var ended = await EndsAsync(id, WorkflowStatus.COMPLETED);
        Assert.Equal(["loop", "s__1", "s__2", "s__3"], ended.Tasks.Select(task => task.ReferenceTaskName).Order());
    }

    [Fact]
    public async Task A_dynamic_fork_waits_for_the_child_and_runs_its_canceled_branches_again()
    {
        await RegisterAsync("""
            {"name":"forking","tasks":[
              {"name":"fork","taskReferenceName":"fork","type":"FORK_JOIN_DYNAMIC","dynamicForkTasksParam":"plan","dynamicForkTasksInputParamName":"inputs",
               "inputParameters":{"plan":"${workflow.input.plan}","inputs":{"a":{},"b":{},"c":{}}}},
              {"name":"join","taskReferenceName":"join","type":"JOIN"}]}
            """);
        var id = await StartAsync("forking", """
            {"plan":[
              {"name":"a","taskReferenceName":"a","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"child"}},
              {"name":"b","taskReferenceName":"b","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"child"}},
              {"name":"work","taskReferenceName":"c","type":"SIMPLE"}]}
            """);
        var other = await ChildAsync(id, "b");
        var child = await FailAsync(id, "a");
        await EndsAsync(other, WorkflowStatus.TERMINATED);

        await _engine.RetryWorkflowAsync(child);
        var running = await _engine.GetWorkflowAsync(id);
        Assert.Equal(WorkflowStatus.RUNNING, running.Status);
        Assert.Equal(
            [("a", TaskExecutionStatus.IN_PROGRESS), ("b", TaskExecutionStatus.IN_PROGRESS), ("c", TaskExecutionStatus.SCHEDULED), ("join", TaskExecutionStatus.IN_PROGRESS)],
            running.Tasks.Where(task => task.ReferenceTaskName != "fork").Select(task => (task.ReferenceTaskName!, task.Status)).Order());
        Assert.Equal((other, 1), (await ChildAsync(id, "b"), running.Tasks.Single(task => task.ReferenceTaskName == "c").RetryCount));

        await WorkAsync(child);
        await WorkAsync(other);
        await WorkAsync(id);
        await EndsAsync(id, WorkflowStatus.COMPLETED);
    }

    [Fact]
    public async Task A_parent_for_which_the_task_is_optional_is_left_alone()
    {
        await RegisterAsync("""
            {"name":"optional","tasks":[
              {"name":"s","taskReferenceName":"s","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"child"},"optional":true},
              {"name":"after","taskReferenceName":"after"}]}
            """);
        var id = await StartAsync("optional");
        var child = await ChildAsync(id, "s");
        await WorkAsync(child, TaskResultStatus.FAILED);
        var before = await AwaitAsync(id, workflow => workflow.Tasks.Any(task => task.ReferenceTaskName == "after"));

        await _engine.RetryWorkflowAsync(child);
        var after = await _engine.GetWorkflowAsync(id);
        Assert.Equal(before.Tasks.Select(task => (task.TaskId, task.Status)), after.Tasks.Select(task => (task.TaskId, task.Status)));
        await WorkAsync(child);
        await EndsAsync(child, WorkflowStatus.COMPLETED);

        await WorkAsync(id, TaskResultStatus.FAILED_WITH_TERMINAL_ERROR);
        await EndsAsync(id, WorkflowStatus.FAILED);
        Assert.Equal(TaskExecutionStatus.COMPLETED_WITH_ERRORS, (await _engine.GetWorkflowAsync(id)).Tasks.Single(task => task.ReferenceTaskName == "s").Status);
        await _engine.RestartWorkflowAsync(child);
        Assert.Equal(WorkflowStatus.FAILED, (await _engine.GetWorkflowAsync(id)).Status);
    }

    private const string Plain = """{"name":"plain","tasks":[{"name":"s","taskReferenceName":"s","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"child"}}]}""";

    private static string Over(string name, string child) => Plain.Replace("\"plain\"", $"\"{name}\"", StringComparison.Ordinal).Replace("\"child\"", $"\"{child}\"", StringComparison.Ordinal);

    private Task<BulkResponse> RegisterAsync(string json) => _engine.UpdateWorkflowDefsAsync([ConductorJson.Deserialize<WorkflowDef>(json)! with { OwnerEmail = "ops@example.com" }]);

    private Task<string> StartAsync(string name, string input = "{}") => _engine.StartWorkflowAsync(new StartWorkflowRequest { Name = name, Input = (JsonObject)JsonNode.Parse(input)! });

    /// <summary>The child of a task fails, and its parent with it.</summary>
    /// <returns>The child's id.</returns>
    private async Task<string> FailAsync(string parentId, string reference)
    {
        var child = await ChildAsync(parentId, reference);
        await WorkAsync(child, TaskResultStatus.FAILED);
        await EndsAsync(parentId, WorkflowStatus.FAILED);
        return child;
    }

    private async Task<string> ChildAsync(string id, string reference)
    {
        var parent = await AwaitAsync(id, workflow => workflow.Tasks.Any(task => task.ReferenceTaskName == reference && task is { Status: TaskExecutionStatus.IN_PROGRESS, SubWorkflowId: not null }));
        return parent.Tasks.Single(task => task.ReferenceTaskName == reference).SubWorkflowId!;
    }

    /// <summary>The one scheduled task of a workflow gets a result.</summary>
    private async Task WorkAsync(string id, TaskResultStatus status = TaskResultStatus.COMPLETED)
    {
        var workflow = await AwaitAsync(id, workflow => workflow.Tasks.Any(task => task.Status == TaskExecutionStatus.SCHEDULED));
        var task = workflow.Tasks.Single(task => task.Status == TaskExecutionStatus.SCHEDULED);
        await _engine.UpdateTaskAsync(new TaskResult { WorkflowInstanceId = id, TaskId = task.TaskId, Status = status });
    }

    private Task<Workflow> EndsAsync(string id, WorkflowStatus status) => AwaitAsync(id, workflow => workflow.Status == status);

    private async Task<Workflow> AwaitAsync(string id, Func<Workflow, bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var workflow = await _engine.GetWorkflowAsync(id, cancellationToken: patience.Token);
            if (holds(workflow))
            {
                return workflow;
            }
            Assert.False(patience.IsCancellationRequested, $"{workflow.WorkflowName} is {workflow.Status}: {string.Join(", ", workflow.Tasks.Select(task => $"{task.ReferenceTaskName} {task.Status}"))}");
            await Task.Yield();
        }
    }
}
