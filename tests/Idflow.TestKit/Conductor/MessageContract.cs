using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.TestKit.Conductor;

/// <summary>The message queue of a running workflow, and the tasks that pull from it.</summary>
public abstract class MessageContract : ConductorContract
{
    private static WorkflowTask Pull(string reference, JsonObject? input = null) =>
        new() { Name = reference, TaskReferenceName = reference, Type = TaskTypes.PullWorkflowMessages, InputParameters = input ?? [] };

    private async Task<string> RunAsync(params WorkflowTask[] tasks)
    {
        await Conductor.UpdateWorkflowDefsAsync([Definition(tasks)]);
        return await StartAsync();
    }

    private static JsonObject Numbered(int n) => new() { ["n"] = n };

    private static List<int> Numbers(TaskExecution task) => [.. task.OutputData["messages"]!.AsArray().Select(message => message!["payload"]!["n"]!.GetValue<int>())];

    [Fact]
    public async Task A_task_waits_for_the_first_message_and_takes_one()
    {
        var id = await RunAsync(Pull("first"), Pull("second"));
        Assert.Equal(TaskExecutionStatus.IN_PROGRESS, (await Conductor.GetWorkflowAsync(id)).Tasks.Single().Status);

        var sent = await Conductor.PushMessageAsync(id, Numbered(1));
        await Conductor.PushMessageAsync(id, Numbered(2));

        var workflow = await AwaitAsync(id, WorkflowStatus.COMPLETED);
        Assert.Equal([1], Numbers(workflow.Tasks[0]));
        Assert.Equal([2], Numbers(workflow.Tasks[1]));
        Assert.Equal(1, workflow.Tasks[0].OutputData["count"]!.GetValue<int>());
        var message = workflow.Tasks[0].OutputData["messages"]![0]!;
        Assert.Equal((sent, id), ((string?)message["id"], (string?)message["workflowId"]));
        Assert.True(DateTimeOffset.TryParse((string?)message["receivedAt"], out _));
    }

    [Fact]
    public async Task Messages_that_came_before_the_task_are_taken_in_order_up_to_the_batch_size()
    {
        await RegisterAsync("a");
        var id = await RunAsync(Simple("a"), Pull("some", new JsonObject { ["batchSize"] = 2 }), Pull("rest", new JsonObject { ["batchSize"] = 100 }));
        for (var n = 1; n <= 5; n++)
        {
            await Conductor.PushMessageAsync(id, Numbered(n));
        }

        await WorkAsync("a");

        var workflow = await AwaitAsync(id, WorkflowStatus.COMPLETED);
        Assert.Equal([1, 2], Numbers(workflow.Tasks[1]));
        Assert.Equal([3, 4, 5], Numbers(workflow.Tasks[2]));
    }

    [Fact]
    public async Task A_task_that_does_not_block_ends_with_nothing()
    {
        var id = await RunAsync(Pull("pull", new JsonObject { ["blocking"] = false }));

        var task = (await AwaitAsync(id, WorkflowStatus.COMPLETED)).Tasks.Single();
        Assert.Equal("""{"messages":[],"count":0}""", task.OutputData.ToJsonString());
    }

    [Fact]
    public async Task A_paused_workflow_takes_no_messages_and_pulls_those_it_has_when_it_is_resumed()
    {
        await RegisterAsync("a");
        var id = await RunAsync(Simple("a"), Pull("pull"));
        await Conductor.PushMessageAsync(id, Numbered(1));
        await Conductor.PauseWorkflowAsync(id);
        await WorkAsync("a");

        await RefusedAsync(409, () => Conductor.PushMessageAsync(id, Numbered(2)));
        await Conductor.ResumeWorkflowAsync(id);

        var resumed = await AwaitAsync(id, WorkflowStatus.COMPLETED);
        Assert.Equal([1], Numbers(resumed.Tasks[1]));
    }

    [Fact]
    public async Task Messages_for_unknown_and_ended_workflows_are_refused()
    {
        var id = await RunAsync(Pull("pull", new JsonObject { ["blocking"] = false }));
        await AwaitAsync(id, WorkflowStatus.COMPLETED);

        await RefusedAsync(404, () => Conductor.PushMessageAsync("none", []));
        await RefusedAsync(409, () => Conductor.PushMessageAsync(id, []));
    }

    [Fact]
    public async Task A_full_queue_and_a_message_that_is_too_large_are_refused()
    {
        await RegisterAsync("a");
        var id = await RunAsync(Simple("a"));
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(n => Conductor.PushMessageAsync(id, Numbered(n))));

        await RefusedAsync(429, () => Conductor.PushMessageAsync(id, Numbered(1000)));
        await RefusedAsync(413, () => Conductor.PushMessageAsync(id, new JsonObject { ["text"] = new string('x', 300 * 1024) }));
    }

    [Fact]
    public async Task Messages_left_at_the_end_are_gone()
    {
        await RegisterAsync("a");
        var id = await RunAsync(Simple("a"), Pull("pull", new JsonObject { ["blocking"] = false }));
        await Conductor.PushMessageAsync(id, Numbered(1));
        await Conductor.TerminateWorkflowAsync(id);

        await Conductor.RestartWorkflowAsync(id);
        await WorkAsync("a");

        var again = await AwaitAsync(id, WorkflowStatus.COMPLETED);
        Assert.Empty(Numbers(again.Tasks[1]));
    }
}
