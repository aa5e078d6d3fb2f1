using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.TestKit.Conductor;

/// <summary>Finding executions and tasks.</summary>
public abstract class SearchContract : ConductorContract
{
    [Fact]
    public async Task Conditions_pages_and_order_hold()
    {
        await RegisterAsync("a");
        var first = await StartAsync(change: request => request with { CorrelationId = Name("c1") });
        var second = await StartAsync(change: request => request with { CorrelationId = Name("c2") });
        var third = await StartAsync(change: request => request with { CorrelationId = Name("c3") });
        await Conductor.TerminateWorkflowAsync(second);

        Assert.Equal(3, (await FindAsync($"workflowType = '{Name("wf")}'")).TotalHits);
        Assert.Equal([second], Ids(await FindAsync($"workflowType = {Name("wf")} AND status = TERMINATED")));
        Assert.Equal([first], Ids(await FindAsync($"correlationId=\"{Name("c1")}\"")));
        Assert.Equal(new[] { first, third }.Order(), Ids(await FindAsync($"workflowType IN ({Name("wf")},none) AND status IN (RUNNING,PAUSED)")).Order());
        Assert.Equal([third], Ids(await FindAsync($"workflowId = {third}")));
        Assert.Empty(Ids(await FindAsync($"workflowType = {Name("wf")} AND startTime > 9999999999999")));

        var page = await Conductor.SearchWorkflowsAsync(new SearchRequest { Query = $"workflowType = {Name("wf")}", Sort = "correlationId:DESC", Start = 1, Size = 1 });
        Assert.Equal(3, page.TotalHits);
        Assert.Equal([second], Ids(page));
    }

    [Fact]
    public async Task Summary_says_what_a_list_shows()
    {
        await RegisterAsync("a");
        var id = await StartAsync(new JsonObject { ["v"] = "needle" + Mark }, request => request with { CorrelationId = Name("c"), Priority = 5 });
        await Conductor.UpdateTaskAsync(ResultOf(await PollAsync("a"), TaskResultStatus.FAILED) with { ReasonForIncompletion = "broken" });
        await AwaitAsync(id, WorkflowStatus.FAILED);

        WorkflowSummary? summary = null;
        await UntilAsync("the summary", async () => (summary = (await FindAsync($"workflowId = {id} AND status = FAILED")).Results.SingleOrDefault()) is not null);

        Assert.Equal((Name("wf"), 1, Name("c"), 5, WorkflowStatus.FAILED), (summary!.WorkflowType, summary.Version, summary.CorrelationId, summary.Priority, summary.Status));
        Assert.Contains("needle", summary.Input, StringComparison.Ordinal);
        Assert.Contains("broken", summary.ReasonForIncompletion, StringComparison.Ordinal);
        Assert.Equal("a", summary.FailedReferenceTaskNames);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", summary.StartTime);
        Assert.Equal([id], Ids(await Conductor.SearchWorkflowsAsync(new SearchRequest { FreeText = "NEEDLE" + Mark })));
    }

    [Fact]
    public async Task Page_larger_than_the_limit_is_refused()
    {
        var error = await RefusedAsync(400, () => Conductor.SearchWorkflowsAsync(new SearchRequest { Size = 5001 }));

        Assert.Equal([new ValidationError("searchWorkflows.arg1", "Cannot return more than 5000 workflows. Please use pagination.", "5001")], error.ValidationErrors);
    }

    [Fact]
    public async Task Tasks_are_found_by_their_fields()
    {
        await RegisterAsync("a", "b");
        var id = await StartAsync();
        await WorkAsync("a");
        await WorkAsync("b");
        await AwaitAsync(id, WorkflowStatus.COMPLETED);

        SearchResult<TaskSummary> found = new();
        await UntilAsync("the task's summary", async () =>
            (found = await Conductor.SearchTasksAsync(new SearchRequest { Query = $"taskType = {Name("b")} AND status = COMPLETED" })).TotalHits == 1);

        var summary = found.Results.Single();
        Assert.Equal((Name("b"), Name("b"), id, Name("wf"), "b"), (summary.TaskType, summary.TaskDefName, summary.WorkflowId, summary.WorkflowType, summary.TaskReferenceName));
        Assert.Equal(2, (await Conductor.SearchTasksAsync(new SearchRequest { Query = $"workflowType = {Name("wf")}" })).TotalHits);
        Assert.Equal(2, (await Conductor.SearchTasksAsync(new SearchRequest { Query = $"workflowName='{Name("wf")}'" })).TotalHits);

        // No field of Conductor's task index: left out.
        Assert.Equal(2, (await Conductor.SearchTasksAsync(new SearchRequest { Query = $"workflowType = {Name("wf")} AND referenceTaskName = b" })).TotalHits);
    }

    [Fact]
    public async Task Workflows_are_found_by_what_the_web_ui_filters_by()
    {
        await RegisterAsync("a");
        var id = await StartAsync(change: request => request with { IdempotencyKey = Name("key") });
        await StartAsync();

        Assert.Equal([id], Ids(await FindAsync($"idempotencyKey IN ({Name("key")},other)")));
        Assert.Equal(2, (await FindAsync($"workflowType IN ({Name("wf")}) AND modifiedTime>1 AND parentWorkflowId=\"\"")).TotalHits);
        Assert.Equal(0, (await FindAsync($"workflowType IN ({Name("wf")}) AND modifiedTime<1")).TotalHits);
    }

    [Fact]
    public async Task Workflows_are_classified_by_the_metadata_of_their_definition()
    {
        var expected = new Dictionary<string, string>();
        foreach (var (metadata, classifier) in new[] { ("{}", "workflow"), ("""{"classifier":"report"}""", "report"), ("""{"agent_sdk":"x"}""", "agent"), ("""{"agentDef":{},"classifier":" "}""", "agent"), ("""{"classifier":7}""", "workflow") })
        {
            expected[await StartAsync(change: request => request with { WorkflowDef = Definition(Simple("a")) with { Metadata = JsonNode.Parse(metadata)!.AsObject() } })] = classifier;
        }

        var found = await FindAsync($"workflowType = '{Name("wf")}'");
        Assert.Equal(expected, found.Results.ToDictionary(summary => summary.WorkflowId!, summary => summary.Classifier!));
        var agents = await FindAsync($"workflowType = '{Name("wf")}' AND classifier IN (agent,report)");
        Assert.Equal(expected.Where(run => run.Value != "workflow").Select(run => run.Key).Order(), Ids(agents).Order());
    }

    private Task<SearchResult<WorkflowSummary>> FindAsync(string query) => Conductor.SearchWorkflowsAsync(new SearchRequest { Query = query });

    private static IEnumerable<string> Ids(SearchResult<WorkflowSummary> found) => found.Results.Select(summary => summary.WorkflowId!);
}
