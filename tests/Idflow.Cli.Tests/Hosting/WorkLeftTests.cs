using Idflow.Cli.Hosting;
using Idflow.Conductor.Model;

namespace Idflow.Cli.Tests.Hosting;

public sealed class WorkLeftTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_task_that_a_worker_serves_is_doable_and_another_is_unserved()
    {
        var left = Of(null, Open("served"), Open("unknown"));

        Assert.True(left.Doable);
        Assert.Equal("unknown 'unknown_ref' of wf (w1): no worker serves it", Assert.Single(left.Unserved).ToString());
    }

    [Fact]
    public void A_running_task_is_doable_whoever_runs_it()
    {
        Assert.True(Of(null, Open("unknown") with { Status = TaskExecutionStatus.IN_PROGRESS }).Doable);
    }

    [Fact]
    public void Human_tasks_and_waits_without_a_time_wait()
    {
        var left = Of(null, Open(TaskTypes.Human), Open(TaskTypes.Wait) with { CallbackAfterSeconds = int.MaxValue }, Open(TaskTypes.Wait));

        Assert.False(left.Doable);
        Assert.Empty(left.Unserved);
        Assert.Equal(["waits for a person", "waits for a signal", "waits for a signal"], left.Waiting.Select(w => w.Why));
    }

    [Theory]
    [InlineData(60, null, true)]
    [InlineData(60, 120, true)]
    [InlineData(60, 30, false)]
    public void A_timer_is_waited_for_up_to_the_horizon(int dueIn, int? horizonIn, bool doable)
    {
        var wait = Open(TaskTypes.Wait) with { CallbackAfterSeconds = dueIn, UpdateTime = Now.ToUnixTimeMilliseconds() };

        var left = Of(horizonIn is { } seconds ? Now.AddSeconds(seconds) : null, wait);

        Assert.Equal(doable, left.Doable);
        Assert.Equal(doable ? 0 : 1, left.Waiting.Count);
    }

    [Fact]
    public void A_retry_beyond_the_horizon_is_a_timer_too()
    {
        var retry = Open("served") with { CallbackAfterSeconds = 3600, UpdateTime = Now.ToUnixTimeMilliseconds() };

        Assert.False(Of(Now.AddSeconds(10), retry).Doable);
    }

    [Fact]
    public void Joins_and_sub_workflows_are_not_work_themselves()
    {
        var left = Of(null, Open(TaskTypes.Join), Open(TaskTypes.SubWorkflow) with { SubWorkflowId = "w2" }, Open(TaskTypes.Human));

        Assert.False(left.Doable);
        Assert.Single(left.Waiting);
    }

    [Fact]
    public void A_workflow_without_an_open_task_is_about_to_go_on()
    {
        Assert.True(Of(null, Open("served") with { Status = TaskExecutionStatus.COMPLETED }).Doable);
    }

    [Fact]
    public void A_paused_workflow_waits()
    {
        var left = WorkLeft.Of(new Workflow { WorkflowId = "w1", WorkflowName = "wf", Status = WorkflowStatus.PAUSED, Tasks = [Open("served")] }, _ => true, Now, null);

        Assert.False(left.Doable);
        Assert.Equal("wf (w1): the workflow is paused", Assert.Single(left.Waiting).ToString());
    }

    private static TaskExecution Open(string type) => new() { TaskId = type, TaskType = type, ReferenceTaskName = type + "_ref", Status = TaskExecutionStatus.SCHEDULED };

    private static WorkLeft Of(DateTimeOffset? horizon, params TaskExecution[] tasks) =>
        WorkLeft.Of(new Workflow { WorkflowId = "w1", WorkflowName = "wf", Status = WorkflowStatus.RUNNING, Tasks = tasks }, type => type == "served", Now, horizon);
}
