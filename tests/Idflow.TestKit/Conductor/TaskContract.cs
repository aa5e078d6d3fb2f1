using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.TestKit.Conductor;

/// <summary>Polling, results, logs, queues.</summary>
public abstract class TaskContract : ConductorContract
{
    [Fact]
    public async Task Each_task_is_handed_out_once()
    {
        await RegisterAsync("a");
        var ids = new[] { await StartAsync(), await StartAsync(), await StartAsync() };

        var polled = await Conductor.PollTasksAsync(Name("a"), "w", count: 2);
        var rest = await Conductor.PollTasksAsync(Name("a"), "w", count: 5);

        Assert.Equal(2, polled.Count);
        Assert.Equal(ids.Order(), polled.Concat(rest).Select(task => task.WorkflowInstanceId!).Order());
        Assert.All(polled, task => Assert.Equal((1, "w"), (task.PollCount, task.WorkerId)));
        Assert.Empty(await Conductor.PollTasksAsync(Name("a"), timeout: TimeSpan.Zero));
    }

    [Fact]
    public async Task Waiting_poll_returns_when_a_task_comes()
    {
        await RegisterAsync("a");
        var poll = Conductor.PollTasksAsync(Name("a"), timeout: TimeSpan.FromSeconds(5));
        var id = await StartAsync();

        Assert.Equal(id, (await poll).Single().WorkflowInstanceId);
    }

    [Fact]
    public async Task Poll_longer_than_five_seconds_is_refused() =>
        await RefusedAsync(400, () => Conductor.PollTasksAsync(Name("a"), timeout: TimeSpan.FromSeconds(6)));

    /// <summary>
    /// A server notices a little later that a client has gone: what it hands out until then comes back by the response timeout.
    /// </summary>
    [Fact]
    public async Task Cancelled_poll_loses_no_task()
    {
        await RegisterAsync("a");
        await Conductor.UpdateTaskDefAsync(new TaskDef { Name = Name("a"), RetryCount = 1, RetryDelaySeconds = 0, ResponseTimeoutSeconds = 1, OwnerEmail = "ops@example.com" });
        using var cancelled = new CancellationTokenSource();
        var poll = Conductor.PollTasksAsync(Name("a"), timeout: TimeSpan.FromSeconds(5), cancellationToken: cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
        await StartAsync();

        await PollAsync("a");
    }

    [Fact]
    public async Task Task_of_a_domain_is_polled_there_only()
    {
        await RegisterAsync("a");
        await StartAsync(change: request => request with { TaskToDomain = new JsonObject { [Name("a")] = Name("d") } });

        Assert.Empty(await Conductor.PollTasksAsync(Name("a"), timeout: TimeSpan.Zero));
        Assert.Equal(1, await Conductor.GetQueueSizeAsync(Name("a"), Name("d")));
        Assert.Equal(Name("d"), (await PollAsync("a", Name("d"))).Domain);
    }

    [Fact]
    public async Task Result_replaces_the_output_and_a_late_one_is_dropped()
    {
        await RegisterAsync("a", "b");
        var id = await StartAsync();
        var task = await PollAsync("a");
        Assert.Equal(task.TaskId, await Conductor.UpdateTaskAsync(ResultOf(task, TaskResultStatus.COMPLETED, new JsonObject { ["n"] = 1, ["z"] = null })));

        await Conductor.UpdateTaskAsync(ResultOf(task, TaskResultStatus.FAILED, new JsonObject { ["n"] = 2 }));

        var stored = await Conductor.GetTaskAsync(task.TaskId!);
        Assert.Equal(TaskExecutionStatus.COMPLETED, stored.Status);
        Assert.Equal("""{"n":1,"z":null}""", stored.OutputData.ToJsonString());
        Assert.Equal(WorkflowStatus.RUNNING, (await Conductor.GetWorkflowAsync(id)).Status);
    }

    [Fact]
    public async Task Result_without_ids_or_for_an_unknown_task_is_refused()
    {
        var incomplete = await RefusedAsync(400, () => Conductor.UpdateTaskAsync(new TaskResult()));
        Assert.Equal(["updateTask.arg0.taskId", "updateTask.arg0.workflowInstanceId"], incomplete.ValidationErrors.Select(error => error.Path).Order());

        await RefusedAsync(404, () => Conductor.UpdateTaskAsync(new TaskResult { TaskId = "none", WorkflowInstanceId = "none" }));
        await RegisterAsync("a");
        var id = await StartAsync();
        await RefusedAsync(404, () => Conductor.UpdateTaskAsync(new TaskResult { TaskId = "none", WorkflowInstanceId = id }));
        await RefusedAsync(404, () => Conductor.GetTaskAsync("none"));
    }

    [Fact]
    public async Task Task_in_progress_comes_back_to_the_queue()
    {
        await RegisterAsync("a");
        await StartAsync();
        var task = await PollAsync("a");
        await Conductor.UpdateTaskAsync(ResultOf(task, TaskResultStatus.IN_PROGRESS, new JsonObject { ["done"] = 10 }));

        var again = await PollAsync("a");

        Assert.Equal(task.TaskId, again.TaskId);
        Assert.Equal(2, again.PollCount);
        Assert.Equal(10, again.OutputData["done"]!.GetValue<int>());
    }

    [Fact]
    public async Task Final_result_can_answer_the_next_task()
    {
        await RegisterAsync("a");
        await StartAsync();
        var second = await StartAsync();
        var task = await PollAsync("a");

        var next = await Conductor.UpdateTaskAndPollAsync(ResultOf(task, TaskResultStatus.COMPLETED) with { WorkerId = "w" });

        Assert.Equal(second, next!.WorkflowInstanceId);
        Assert.Null(await Conductor.UpdateTaskAndPollAsync(ResultOf(next, TaskResultStatus.COMPLETED)));
    }

    [Fact]
    public async Task Update_by_reference_merges_into_the_open_task()
    {
        await RegisterAsync("a");
        var id = await StartAsync();
        await Conductor.UpdateTaskAsync(ResultOf(await PollAsync("a"), TaskResultStatus.IN_PROGRESS, new JsonObject { ["x"] = 1 }) with { CallbackAfterSeconds = 600 });

        var taskId = await Conductor.UpdateTaskByReferenceAsync(id, "a", TaskResultStatus.COMPLETED, new JsonObject { ["y"] = 2 });

        var workflow = await AwaitAsync(id, WorkflowStatus.COMPLETED);
        Assert.Equal(workflow.Tasks.Single().TaskId, taskId);
        Assert.Equal("""{"x":1,"y":2}""", workflow.Tasks.Single().OutputData.ToJsonString());
        Assert.Null(await Conductor.UpdateTaskByReferenceAsync(id, "a", TaskResultStatus.COMPLETED, []));
    }

    [Fact]
    public async Task Log_keeps_lines_in_order_as_they_were()
    {
        await RegisterAsync("a");
        await StartAsync();
        var task = await PollAsync("a");
        Assert.Empty(await Conductor.GetTaskLogsAsync(task.TaskId!));

        await Conductor.AddTaskLogAsync(task.TaskId!, "first \"line\" with ü");
        await Conductor.UpdateTaskAsync(ResultOf(task, TaskResultStatus.COMPLETED) with { Logs = [new TaskExecLog { Log = "second" }] });

        await UntilAsync("two log lines", async () => (await Conductor.GetTaskLogsAsync(task.TaskId!)).Count == 2);
        Assert.Equal(["first \"line\" with ü", "second"], (await Conductor.GetTaskLogsAsync(task.TaskId!)).Select(line => line.Log!));
    }

    [Fact]
    public async Task Queue_sizes_count_what_waits()
    {
        await RegisterAsync("a");
        await StartAsync();
        await StartAsync();
        Assert.Equal(2, await Conductor.GetQueueSizeAsync(Name("a")));
        Assert.Equal(2, (await Conductor.GetAllQueueSizesAsync())[Name("a")]);

        await PollAsync("a");

        Assert.Equal(1, await Conductor.GetQueueSizeAsync(Name("a")));
        Assert.Equal(0, await Conductor.GetQueueSizeAsync(Name("none")));
    }

    [Fact]
    public async Task Requeue_puts_polled_tasks_back()
    {
        await RegisterAsync("a");
        await StartAsync();
        var task = await PollAsync("a");

        Assert.Equal(1, await Conductor.RequeuePendingTasksAsync(Name("a")));

        Assert.Equal(task.TaskId, (await PollAsync("a")).TaskId);
    }

    [Fact]
    public async Task Poll_data_says_who_polled_last()
    {
        await Conductor.PollTasksAsync(Name("a"), "w1", timeout: TimeSpan.Zero);
        await Conductor.PollTasksAsync(Name("a"), "w2", "d", timeout: TimeSpan.Zero);

        var seen = await Conductor.GetPollDataAsync(Name("a"));

        Assert.Equal([(null, "w1"), ("d", "w2")], seen.OrderBy(data => data.Domain, StringComparer.Ordinal).Select(data => (data.Domain, data.WorkerId!)));
        Assert.All(seen, data => Assert.True(data.LastPollTime > 0 && data.QueueName == Name("a")));
        Assert.Equal(2, (await Conductor.GetPollDataAsync()).Count(data => data.QueueName == Name("a")));
    }

    [Fact]
    public async Task Result_reaches_its_task_under_the_id_of_another_workflow()
    {
        await RegisterAsync("a", "b");
        var (id, other) = (await StartAsync(), await StartAsync());
        var task = (await Conductor.GetWorkflowAsync(id)).Tasks.Single();

        await Conductor.UpdateTaskAsync(ResultOf(task, TaskResultStatus.COMPLETED) with { WorkflowInstanceId = other });

        Assert.Equal([TaskExecutionStatus.COMPLETED, TaskExecutionStatus.SCHEDULED], (await Conductor.GetWorkflowAsync(id)).Tasks.Select(each => each.Status));
        Assert.Equal(TaskExecutionStatus.SCHEDULED, (await Conductor.GetWorkflowAsync(other)).Tasks.Single().Status);
        await RefusedAsync(404, () => Conductor.UpdateTaskAsync(ResultOf(task, TaskResultStatus.COMPLETED) with { WorkflowInstanceId = "no-such-id" }));
        await RefusedAsync(404, () => Conductor.UpdateTaskAsync(ResultOf(task, TaskResultStatus.COMPLETED) with { TaskId = "no-such-id" }));
    }
}
