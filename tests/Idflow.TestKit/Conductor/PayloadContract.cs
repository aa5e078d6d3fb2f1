using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.TestKit.Conductor;

/// <summary>Large payloads: read whole by those who use an <see cref="IConductor"/>, and refused beyond the limits.</summary>
public abstract class PayloadContract : ConductorContract
{
    private static string Text(int kilobytes) => new('x', kilobytes * 1024);

    private static JsonObject Large(int kilobytes, string key = "text") => new() { [key] = Text(kilobytes) };

    [Fact]
    public async Task A_large_workflow_input_is_read_whole_and_has_a_path()
    {
        await RegisterAsync("a");
        var id = await StartAsync(Large(6 * 1024));

        var workflow = await Conductor.GetWorkflowAsync(id);

        Assert.Equal(6 * 1024 * 1024, ((string)workflow.Input["text"]!).Length);
        Assert.Equal($"workflow/input/{id}.json", workflow.ExternalInputPayloadStoragePath);
        Assert.Null((await Conductor.GetWorkflowAsync(await StartAsync(Large(64)))).ExternalInputPayloadStoragePath);
    }

    [Fact]
    public async Task A_large_output_goes_on_as_the_input_of_the_next_task()
    {
        await Conductor.UpdateWorkflowDefsAsync([Definition(Simple("a"), Simple("b", new JsonObject { ["from"] = "${a.output.text}" }))]);
        await StartAsync();
        var first = await PollAsync("a");
        await CompleteAsync(first, Large(4 * 1024));

        var second = await PollAsync("b");
        var stored = await Conductor.GetTaskAsync(first.TaskId!);

        Assert.Equal(Text(4 * 1024), (string)second.InputData["from"]!);
        Assert.Equal($"task/input/{second.TaskId}.json", second.ExternalInputPayloadStoragePath);
        Assert.Equal(Text(4 * 1024), (string)stored.OutputData["text"]!);
        Assert.Equal($"task/output/{first.TaskId}.json", stored.ExternalOutputPayloadStoragePath);
    }

    [Fact]
    public async Task An_output_over_the_limit_fails_its_task_for_good()
    {
        await RegisterAsync("a");
        var id = await StartAsync();
        await WorkAsync("a", Large(11 * 1024));

        var task = (await AwaitAsync(id, WorkflowStatus.FAILED)).Tasks.Single();
        Assert.Equal(TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, task.Status);
        Assert.Empty(task.OutputData);
        Assert.Contains("greater than the permissible limit: 10485760 bytes", task.ReasonForIncompletion, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_input_over_the_limit_fails_its_task_for_good()
    {
        await Conductor.UpdateWorkflowDefsAsync([Definition(Simple("a"), Simple("b", new JsonObject { ["one"] = "${a.output.text}", ["two"] = "${a.output.text}" }))]);
        var id = await StartAsync();
        await WorkAsync("a", Large(6 * 1024));

        var task = (await AwaitAsync(id, WorkflowStatus.FAILED)).Tasks[1];
        Assert.Equal(TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, task.Status);
        Assert.Empty(task.InputData);
    }

    [Fact]
    public async Task An_output_over_the_limit_fails_a_workflow_at_its_end()
    {
        await Conductor.UpdateWorkflowDefsAsync([Definition(Simple("a")) with { OutputParameters = new JsonObject { ["one"] = "${a.output.text}", ["two"] = "${a.output.text}" } }]);
        var id = await StartAsync();
        await WorkAsync("a", Large(6 * 1024));

        var workflow = await AwaitAsync(id, WorkflowStatus.FAILED);
        Assert.Empty(workflow.Output);
        Assert.Contains($"of workflow: {id} is greater than the permissible limit", workflow.ReasonForIncompletion, StringComparison.Ordinal);
        Assert.Equal(TaskExecutionStatus.COMPLETED, workflow.Tasks.Single().Status);
    }

    [Fact]
    public async Task A_start_with_an_input_over_the_limit_is_refused()
    {
        await RegisterAsync("a");
        await RefusedAsync(400, () => StartAsync(Large(11 * 1024)));
    }

    [Fact]
    public async Task A_path_without_a_payload_is_refused()
    {
        await RegisterAsync("a");
        await RefusedAsync(400, () => StartAsync(change: request => request with { ExternalInputPayloadStoragePath = "task/input/none.json" }));
        await StartAsync();
        var task = await PollAsync("a");
        await RefusedAsync(400, () => Conductor.UpdateTaskAsync(ResultOf(task, TaskResultStatus.COMPLETED) with { ExternalOutputPayloadStoragePath = "none" }));
    }

    [Fact]
    public async Task A_search_shows_the_path_of_a_large_payload_in_place_of_its_text()
    {
        await RegisterAsync("a");
        var id = await StartAsync(Large(6 * 1024));

        var summary = (await Conductor.SearchWorkflowsAsync(new SearchRequest { Query = $"workflowId = '{id}'" })).Results.Single();
        Assert.Equal(("", $"workflow/input/{id}.json"), (summary.Input, summary.ExternalInputPayloadStoragePath));
    }
}
