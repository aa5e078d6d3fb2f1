using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.TestKit.Conductor;

/// <summary>Operating executions: pause, terminate, retry, restart, rerun, skip, remove.</summary>
public abstract class OperationContract : ConductorContract
{
    [Fact]
    public async Task Paused_workflow_schedules_nothing_until_it_is_resumed()
    {
        await RegisterAsync("a", "b");
        var id = await StartAsync();
        await Conductor.PauseWorkflowAsync(id);
        await Conductor.PauseWorkflowAsync(id);
        await WorkAsync("a");

        var paused = await Conductor.GetWorkflowAsync(id);
        Assert.Equal(WorkflowStatus.PAUSED, paused.Status);
        Assert.Equal(["a"], paused.Tasks.Select(task => task.ReferenceTaskName!));

        await Conductor.ResumeWorkflowAsync(id);
        await WorkAsync("b");
        await AwaitAsync(id, WorkflowStatus.COMPLETED);
    }

    [Fact]
    public async Task Only_a_paused_workflow_can_be_resumed()
    {
        await RegisterAsync("a");
        var id = await StartAsync();

        await RefusedAsync(409, () => Conductor.ResumeWorkflowAsync(id));
        await RefusedAsync(404, () => Conductor.ResumeWorkflowAsync("no-such-id"));
    }

    [Fact]
    public async Task Terminated_workflow_has_the_reason_and_cancelled_tasks()
    {
        await RegisterAsync("a");
        var id = await StartAsync();
        await Conductor.TerminateWorkflowAsync(id, "enough");
        await Conductor.TerminateWorkflowAsync(id, "again");

        var workflow = await Conductor.GetWorkflowAsync(id);
        Assert.Equal(WorkflowStatus.TERMINATED, workflow.Status);
        Assert.Equal("enough", workflow.ReasonForIncompletion);
        Assert.Equal(TaskExecutionStatus.CANCELED, workflow.Tasks.Single().Status);
        Assert.Empty(await Conductor.PollTasksAsync(Name("a"), timeout: TimeSpan.Zero));
        await RefusedAsync(409, () => Conductor.PauseWorkflowAsync(id));
    }

    [Fact]
    public async Task Completed_workflow_cannot_be_terminated()
    {
        await RegisterAsync("a");
        var id = await StartAsync();
        await WorkAsync("a");
        await AwaitAsync(id, WorkflowStatus.COMPLETED);

        var error = await RefusedAsync(409, () => Conductor.TerminateWorkflowAsync(id));
        Assert.Equal("Cannot terminate a COMPLETED workflow.", error.Message);
    }

    [Fact]
    public async Task Retry_runs_the_failed_task_again()
    {
        await RegisterAsync("a", "b");
        var id = await StartAsync();
        await RefusedAsync(404, () => Conductor.RetryWorkflowAsync(id));
        await WorkAsync("a");
        await Conductor.UpdateTaskAsync(ResultOf(await PollAsync("b"), TaskResultStatus.FAILED));
        await AwaitAsync(id, WorkflowStatus.FAILED);

        await Conductor.RetryWorkflowAsync(id);
        await WorkAsync("b");

        var workflow = await AwaitAsync(id, WorkflowStatus.COMPLETED);
        Assert.Equal([("a", 0), ("b", 0), ("b", 1)], workflow.Tasks.Select(task => (task.ReferenceTaskName!, task.RetryCount)));
    }

    [Fact]
    public async Task Restart_starts_over_with_the_same_id()
    {
        await RegisterAsync("a");
        var id = await StartAsync(new JsonObject { ["v"] = 1 });
        await RefusedAsync(409, () => Conductor.RestartWorkflowAsync(id));
        await WorkAsync("a");
        await AwaitAsync(id, WorkflowStatus.COMPLETED);

        await Conductor.RestartWorkflowAsync(id);

        var again = await PollAsync("a");
        Assert.Equal(id, again.WorkflowInstanceId);
        Assert.Equal(1, again.InputData["v"]!.GetValue<int>());
        Assert.Single((await AwaitAsync(id, WorkflowStatus.RUNNING)).Tasks);
    }

    [Fact]
    public async Task Rerun_from_a_task_keeps_what_came_before()
    {
        await RegisterAsync("a", "b");
        var id = await StartAsync();
        await WorkAsync("a", new JsonObject { ["n"] = 1 });
        await WorkAsync("b");
        var done = await AwaitAsync(id, WorkflowStatus.COMPLETED);

        Assert.Equal(id, await Conductor.RerunWorkflowAsync(id, new RerunWorkflowRequest { ReRunFromTaskId = done.Tasks[1].TaskId }));

        await WorkAsync("b", new JsonObject { ["n"] = 9 });
        var again = await AwaitAsync(id, WorkflowStatus.COMPLETED);
        Assert.Equal(done.Tasks[0].TaskId, again.Tasks[0].TaskId);
        Assert.Equal(9, again.Output["n"]!.GetValue<int>());
        await RefusedAsync(400, () => Conductor.RerunWorkflowAsync(id, new RerunWorkflowRequest { ReRunFromTaskId = "no-such-task" }));
    }

    [Fact]
    public async Task Rerun_takes_a_new_input_and_correlation_id_of_the_workflow()
    {
        await RegisterAsync("a", "b");
        var id = await StartAsync();
        await WorkAsync("a");
        await WorkAsync("b");
        var done = await AwaitAsync(id, WorkflowStatus.COMPLETED);

        await Conductor.RerunWorkflowAsync(id, new RerunWorkflowRequest
        {
            ReRunFromTaskId = done.Tasks[1].TaskId,
            TaskInput = new JsonObject { ["t"] = 1 },
            WorkflowInput = new JsonObject { ["w"] = 2 },
            CorrelationId = "again",
        });

        var again = await Conductor.GetWorkflowAsync(id);
        Assert.Equal(("""{"w":2}""", "again"), (again.Input.ToJsonString(), again.CorrelationId));
        Assert.Equal("""{"t":1}""", again.Tasks[1].InputData.ToJsonString());
    }

    [Fact]
    public async Task Skipped_task_gets_the_given_output_and_does_not_run()
    {
        await RegisterAsync("a", "b", "c");
        var id = await StartAsync();
        await Conductor.SkipTaskAsync(id, "b", new SkipTaskRequest { TaskOutput = new JsonObject { ["n"] = 5 } });
        await WorkAsync("a");
        await WorkAsync("c");

        var skipped = (await AwaitAsync(id, WorkflowStatus.COMPLETED)).Tasks.Single(task => task.ReferenceTaskName == "b");
        Assert.Equal(TaskExecutionStatus.SKIPPED, skipped.Status);
        Assert.Equal(5, skipped.OutputData["n"]!.GetValue<int>());
    }

    [Fact]
    public async Task Removed_workflow_is_gone()
    {
        await RegisterAsync("a");
        var id = await StartAsync();
        await RefusedAsync(400, () => Conductor.RemoveWorkflowAsync(id));

        await Conductor.RemoveWorkflowAsync(id, archiveWorkflow: false);

        await RefusedAsync(404, () => Conductor.GetWorkflowAsync(id));
        Assert.Empty(await Conductor.PollTasksAsync(Name("a"), timeout: TimeSpan.Zero));
        await RefusedAsync(404, () => Conductor.RemoveWorkflowAsync(id, archiveWorkflow: false));
    }

    [Fact]
    public async Task Deciding_again_changes_nothing()
    {
        await RegisterAsync("a");
        var id = await StartAsync();
        await Conductor.DecideAsync(id);

        Assert.Single((await Conductor.GetWorkflowAsync(id)).Tasks);
        await RefusedAsync(404, () => Conductor.DecideAsync("no-such-id"));
    }

    [Fact]
    public async Task Reset_makes_a_task_that_waits_for_its_callback_pollable()
    {
        await RegisterAsync("a");
        var id = await StartAsync();
        await Conductor.UpdateTaskAsync(ResultOf(await PollAsync("a"), TaskResultStatus.IN_PROGRESS) with { CallbackAfterSeconds = 3600 });
        Assert.Empty(await Conductor.PollTasksAsync(Name("a"), timeout: TimeSpan.Zero));

        await Conductor.ResetCallbacksAsync(id);

        await WorkAsync("a");
        await AwaitAsync(id, WorkflowStatus.COMPLETED);
    }
}
