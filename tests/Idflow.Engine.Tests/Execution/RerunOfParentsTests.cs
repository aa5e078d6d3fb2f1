using Idflow.Conductor.Json;
using Idflow.Conductor.Model;

namespace Idflow.Engine.Tests.Execution;

/// <summary>A failed parent is set going again at once, while its other children may not have been terminated yet.</summary>
public sealed class RerunOfParentsTests : IAsyncLifetime
{
    private const int Rounds = 30;
    private const string Parent = """
        {"name":"parent","ownerEmail":"ops@example.com","tasks":[
          {"name":"fork","taskReferenceName":"fork","type":"FORK_JOIN","forkTasks":[
            [{"name":"sub","taskReferenceName":"failing","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"child","version":1}}],
            [{"name":"sub","taskReferenceName":"other","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"child","version":1}}]]},
          {"name":"join","taskReferenceName":"join","type":"JOIN","joinOn":["failing","other"]}]}
        """;

    private EmbeddedEngine _engine = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = await EmbeddedEngine.OpenAsync(new EngineOptions());
        await _engine.UpdateWorkflowDefsAsync(
        [
            ConductorJson.Deserialize<WorkflowDef>("""{"name":"child","ownerEmail":"ops@example.com","tasks":[{"name":"work","taskReferenceName":"work","retryCount":0}]}""")!,
            ConductorJson.Deserialize<WorkflowDef>(Parent)!,
        ]);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Theory]
    [InlineData("failing")]
    [InlineData("other")]
    public async Task A_rerun_from_a_child_of_the_parent_runs_both_children_anew(string from)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (id, failing, other) = await FailedAsync();
            var target = (await _engine.GetWorkflowAsync(id)).Tasks.Single(task => task.ReferenceTaskName == from);
            await _engine.RerunWorkflowAsync(id, new RerunWorkflowRequest { ReRunFromTaskId = target.TaskId });

            var children = (New: await ChildAsync(id, "failing"), Other: await ChildAsync(id, "other"));
            Assert.DoesNotContain(children.New, (string[])[failing, other]);
            Assert.DoesNotContain(children.Other, (string[])[failing, other]);
            await FinishAsync(id, children.New, children.Other);
            await AwaitAsync(other, workflow => workflow.Status == WorkflowStatus.TERMINATED);
        }
    }

    [Fact]
    public async Task A_rerun_inside_the_failed_child_goes_on_with_both_children()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (id, failing, other) = await FailedAsync();
            var target = (await _engine.GetWorkflowAsync(failing)).Tasks.Single();
            await _engine.RerunWorkflowAsync(id, new RerunWorkflowRequest { ReRunFromTaskId = target.TaskId });

            Assert.Equal((failing, other), (await ChildAsync(id, "failing"), await ChildAsync(id, "other")));
            await FinishAsync(id, failing, other);
        }
    }

    [Fact]
    public async Task What_runs_again_beside_the_target_has_no_reason_any_more()
    {
        var (id, _, _) = await FailedAsync();
        var failed = (await _engine.GetWorkflowAsync(id)).Tasks;
        Assert.StartsWith("Sub workflow child.1/", failed.Single(task => task.ReferenceTaskName == "failing").ReasonForIncompletion);

        await _engine.RerunWorkflowAsync(id, new RerunWorkflowRequest { ReRunFromTaskId = failed.Single(task => task.ReferenceTaskName == "other").TaskId });
        Assert.Null((await _engine.GetWorkflowAsync(id)).Tasks.Single(task => task.ReferenceTaskName == "failing").ReasonForIncompletion);
    }

    [Fact]
    public async Task A_rerun_from_a_child_in_a_loop_goes_through_the_passes_after_it_anew()
    {
        const string loop = """
            {"name":"looping","ownerEmail":"ops@example.com","tasks":[
              {"name":"loop","taskReferenceName":"loop","type":"DO_WHILE","loopCondition":"if ($.loop['iteration'] < 2) { true; } else { false; }","loopOver":[
                {"name":"sub","taskReferenceName":"sub","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"child","version":1}}]}]}
            """;
        await _engine.UpdateWorkflowDefsAsync([ConductorJson.Deserialize<WorkflowDef>(loop)!]);
        var id = await _engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "looping" });
        await UpdateAsync(await ChildAsync(id, "sub__1"), TaskResultStatus.COMPLETED);
        await FinishAsync(id, await ChildAsync(id, "sub__2"));

        var first = (await _engine.GetWorkflowAsync(id)).Tasks.Single(task => task.ReferenceTaskName == "sub__1");
        await _engine.RerunWorkflowAsync(id, new RerunWorkflowRequest { ReRunFromTaskId = first.TaskId });
        await UpdateAsync(await ChildAsync(id, "sub__1"), TaskResultStatus.COMPLETED);
        await FinishAsync(id, await ChildAsync(id, "sub__2"));
    }

    /// <summary>A parent that has just FAILED, and its children.</summary>
    private async Task<(string Id, string Failing, string Other)> FailedAsync()
    {
        var id = await _engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "parent" });
        var (failing, other) = (await ChildAsync(id, "failing"), await ChildAsync(id, "other"));
        await UpdateAsync(failing, TaskResultStatus.FAILED);
        await AwaitAsync(id, workflow => workflow.Status == WorkflowStatus.FAILED);
        return (id, failing, other);
    }

    private async Task FinishAsync(string id, params string[] children)
    {
        foreach (var child in children)
        {
            await AwaitAsync(child, workflow => workflow.Tasks.Any(task => task.Status == TaskExecutionStatus.SCHEDULED));
            await UpdateAsync(child, TaskResultStatus.COMPLETED);
        }
        await AwaitAsync(id, workflow => workflow.Status == WorkflowStatus.COMPLETED);
    }

    private async Task<string> ChildAsync(string id, string reference)
    {
        var parent = await AwaitAsync(id, workflow => workflow.Tasks.Any(task => task.ReferenceTaskName == reference && task is { Status: TaskExecutionStatus.IN_PROGRESS, SubWorkflowId: not null }));
        return parent.Tasks.Single(task => task.ReferenceTaskName == reference).SubWorkflowId!;
    }

    private async Task UpdateAsync(string id, TaskResultStatus status)
    {
        var task = (await _engine.GetWorkflowAsync(id)).Tasks.Single(task => task.Status == TaskExecutionStatus.SCHEDULED);
        await _engine.UpdateTaskAsync(new TaskResult { WorkflowInstanceId = id, TaskId = task.TaskId, Status = status });
    }

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
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
