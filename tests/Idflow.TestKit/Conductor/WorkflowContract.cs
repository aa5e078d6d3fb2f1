using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.TestKit.Conductor;

/// <summary>Starting and reading executions.</summary>
public abstract class WorkflowContract : ConductorContract
{
    [Fact]
    public async Task Workflow_runs_its_tasks_and_ends_with_their_output()
    {
        await RegisterAsync("a", "b");
        var id = await StartAsync(new JsonObject { ["v"] = 7 });

        var first = await PollAsync("a");
        Assert.Equal(id, first.WorkflowInstanceId);
        Assert.Equal(TaskExecutionStatus.IN_PROGRESS, first.Status);
        Assert.Equal(7, first.InputData["v"]!.GetValue<int>());
        await CompleteAsync(first, new JsonObject { ["n"] = 1 });
        await WorkAsync("b", new JsonObject { ["n"] = 2 });

        var workflow = await AwaitAsync(id, WorkflowStatus.COMPLETED);
        Assert.Equal(2, workflow.Output["n"]!.GetValue<int>());
        Assert.Equal(["a", "b"], workflow.Tasks.Select(task => task.ReferenceTaskName!));
        Assert.All(workflow.Tasks, task => Assert.Equal(TaskExecutionStatus.COMPLETED, task.Status));
        Assert.Equal(Name("wf"), workflow.WorkflowName);
        Assert.True(workflow.EndTime >= workflow.StartTime && workflow.StartTime > 0);
    }

    [Fact]
    public async Task Reading_without_tasks_leaves_them_out()
    {
        await RegisterAsync("a");
        var id = await StartAsync();

        Assert.Empty((await Conductor.GetWorkflowAsync(id, includeTasks: false)).Tasks);
        Assert.Single((await Conductor.GetWorkflowAsync(id)).Tasks);
    }

    [Fact]
    public async Task Unknown_workflow_is_not_found()
    {
        var error = await RefusedAsync(404, () => Conductor.GetWorkflowAsync("no-such-id"));

        Assert.Equal("No such workflow found by id: no-such-id", error.Message);
    }

    [Fact]
    public async Task Start_of_an_unknown_definition_or_version_is_not_found()
    {
        var unknown = await RefusedAsync(404, () => StartAsync());
        Assert.Equal($"No such workflow defined. name={Name("wf")}, version=null", unknown.Message);

        await RegisterAsync("a");
        var version = await RefusedAsync(404, () => StartAsync(change: request => request with { Version = 9 }));
        Assert.Equal($"No such workflow defined. name={Name("wf")}, version=9", version.Message);
    }

    [Fact]
    public async Task Start_checks_its_request_and_names_the_fields()
    {
        await RegisterAsync("a");

        var high = await RefusedAsync(400, () => StartAsync(change: request => request with { Priority = 100 }));
        Assert.Equal([new ValidationError("startWorkflow.arg0.priority", "priority: 100 should be maximum 99", "100")], high.ValidationErrors);

        var nameless = await RefusedAsync(400, () => StartAsync(change: request => request with { Name = null }));
        Assert.Equal("startWorkflow.arg0.name", nameless.ValidationErrors.Single().Path);

        var noInput = await RefusedAsync(400, () => StartAsync(change: request => request with { Input = null }));
        Assert.Equal("NULL input passed when starting workflow", noInput.Message);
    }

    [Fact]
    public async Task Start_takes_the_highest_version_unless_one_is_given()
    {
        await RegisterAsync("a");
        await Conductor.UpdateWorkflowDefsAsync([Definition(Simple("a"), Simple("b")) with { Version = 3 }]);

        Assert.Equal(3, (await Conductor.GetWorkflowAsync(await StartAsync())).WorkflowVersion);
        Assert.Equal(1, (await Conductor.GetWorkflowAsync(await StartAsync(change: request => request with { Version = 1 }))).WorkflowVersion);
    }

    [Fact]
    public async Task Inline_definition_runs_without_being_registered()
    {
        var id = await StartAsync(change: request => request with { WorkflowDef = Definition(Simple("a")) });

        await WorkAsync("a");

        await AwaitAsync(id, WorkflowStatus.COMPLETED);
        await RefusedAsync(404, () => Conductor.GetWorkflowDefAsync(Name("wf")));
    }

    [Fact]
    public async Task Run_keeps_the_definition_it_started_with()
    {
        await RegisterAsync("a");
        var id = await StartAsync();
        await Conductor.UpdateWorkflowDefsAsync([Definition(Simple("b"))]);

        await WorkAsync("a");

        Assert.Equal(["a"], (await AwaitAsync(id, WorkflowStatus.COMPLETED)).Tasks.Select(task => task.ReferenceTaskName!));
    }

    [Fact]
    public async Task Correlated_runs_are_found_open_or_with_the_closed_ones()
    {
        await RegisterAsync("a");
        var done = await StartAsync(change: request => request with { CorrelationId = Name("c") });
        await WorkAsync("a");
        await AwaitAsync(done, WorkflowStatus.COMPLETED);
        var open = await StartAsync(change: request => request with { CorrelationId = Name("c") });

        Assert.Equal([open], (await Conductor.GetWorkflowsByCorrelationIdAsync(Name("wf"), Name("c"))).Select(workflow => workflow.WorkflowId));
        Assert.Equal(
            new[] { done, open }.Order(),
            (await Conductor.GetWorkflowsByCorrelationIdAsync(Name("wf"), Name("c"), includeClosed: true)).Select(workflow => workflow.WorkflowId).Order());
        Assert.Empty(await Conductor.GetWorkflowsByCorrelationIdAsync(Name("wf"), Name("other"), includeClosed: true));
    }

    [Fact]
    public async Task Running_ids_are_those_of_open_runs()
    {
        await RegisterAsync("a");
        var first = await StartAsync();
        var second = await StartAsync();
        await Conductor.TerminateWorkflowAsync(first);

        Assert.Equal([second], await Conductor.GetRunningWorkflowIdsAsync(Name("wf")));
        Assert.Empty(await Conductor.GetRunningWorkflowIdsAsync(Name("none")));
    }

    [Fact]
    public async Task Same_idempotency_key_answers_the_first_run()
    {
        await RegisterAsync("a");
        StartWorkflowRequest Keyed(StartWorkflowRequest request) => request with { IdempotencyKey = Name("k"), IdempotencyStrategy = IdempotencyStrategy.RETURN_EXISTING };
        var first = await StartAsync(change: Keyed);

        Assert.Equal(first, await StartAsync(change: Keyed));
        await RefusedAsync(409, () => StartAsync(change: request => Keyed(request) with { IdempotencyStrategy = IdempotencyStrategy.FAIL }));
    }

    [Fact]
    public async Task Fail_on_running_starts_anew_once_the_run_has_ended()
    {
        await RegisterAsync("a");
        StartWorkflowRequest Keyed(StartWorkflowRequest request) => request with { IdempotencyKey = Name("k"), IdempotencyStrategy = IdempotencyStrategy.FAIL_ON_RUNNING };
        var first = await StartAsync(change: Keyed);
        await RefusedAsync(409, () => StartAsync(change: Keyed));
        await Conductor.TerminateWorkflowAsync(first);

        var second = await StartAsync(change: Keyed);
        Assert.NotEqual(first, second);
        await RefusedAsync(409, () => StartAsync(change: Keyed));
        Assert.Equal(second, await StartAsync(change: request => Keyed(request) with { IdempotencyStrategy = IdempotencyStrategy.RETURN_EXISTING }));
    }

    [Fact]
    public async Task Failed_task_without_retries_fails_the_workflow_with_its_reason()
    {
        await RegisterAsync("a");
        var id = await StartAsync();
        await Conductor.UpdateTaskAsync(ResultOf(await PollAsync("a"), TaskResultStatus.FAILED) with { ReasonForIncompletion = "no luck" });

        var workflow = await AwaitAsync(id, WorkflowStatus.FAILED);

        Assert.Contains("no luck", workflow.ReasonForIncompletion, StringComparison.Ordinal);
        Assert.Equal(["a"], workflow.FailedReferenceTaskNames);
        Assert.Equal([Name("a")], workflow.FailedTaskNames);
    }

    [Fact]
    public async Task Sub_workflow_runs_when_its_start_is_answered()
    {
        await RegisterParentAsync(Child("first"), Simple("between"), Child("second"));
        var id = await StartAsync();

        var first = (await Conductor.GetWorkflowAsync(id)).Tasks.Single();
        Assert.Equal(TaskExecutionStatus.IN_PROGRESS, first.Status);
        Assert.Equal(id, (await Conductor.GetWorkflowAsync(first.SubWorkflowId!)).ParentWorkflowId);

        await WorkAsync("c");
        await WorkAsync("between");
        var second = (await Conductor.GetWorkflowAsync(id)).Tasks[^1];
        Assert.Equal(("second", TaskExecutionStatus.IN_PROGRESS), (second.ReferenceTaskName, second.Status));
        Assert.Equal(["c"], (await Conductor.GetWorkflowAsync(second.SubWorkflowId!)).Tasks.Select(task => task.ReferenceTaskName!));
    }

    [Fact]
    public async Task Child_of_a_child_runs_too_when_the_start_is_answered()
    {
        await RegisterParentAsync(Child("outer", "middle"));
        await Conductor.UpdateWorkflowDefsAsync([Definition(Child("inner")) with { Name = Name("middle") }]);
        var id = await StartAsync();

        var middle = await Conductor.GetWorkflowAsync((await Conductor.GetWorkflowAsync(id)).Tasks.Single().SubWorkflowId!);
        Assert.Equal(TaskExecutionStatus.IN_PROGRESS, middle.Tasks.Single().Status);
        await WorkAsync("c");
        await AwaitAsync(id, WorkflowStatus.COMPLETED);
    }

    [Fact]
    public async Task Children_of_a_wide_fork_all_run()
    {
        const int Width = 40;
        var branches = Enumerable.Range(0, Width).Select(i => Child($"child{i}")).ToList();
        await RegisterParentAsync(
            new WorkflowTask { Name = "fork", TaskReferenceName = "fork", Type = "FORK_JOIN", ForkTasks = [.. branches.Select(branch => new[] { branch })] },
            new WorkflowTask { Name = "join", TaskReferenceName = "join", Type = "JOIN", JoinOn = [.. branches.Select(branch => branch.TaskReferenceName!)] });
        var id = await StartAsync();

        for (var i = 0; i < Width; i++)
        {
            await WorkAsync("c");
        }

        var workflow = await AwaitAsync(id, WorkflowStatus.COMPLETED);
        Assert.Equal(Width, workflow.Tasks.Select(task => task.SubWorkflowId).OfType<string>().Distinct().Count());
    }

    private WorkflowTask Child(string reference, string workflow = "child") => new()
    {
        Name = Name(reference),
        TaskReferenceName = reference,
        Type = "SUB_WORKFLOW",
        SubWorkflowParam = new SubWorkflowParams { Name = Name(workflow), Version = 1 },
    };

    /// <summary>The workflow of the tests, and the child that its tasks start: one task "c".</summary>
    private async Task RegisterParentAsync(params WorkflowTask[] tasks) =>
        await Conductor.UpdateWorkflowDefsAsync([Definition(Simple("c")) with { Name = Name("child") }, Definition(tasks)]);
}
