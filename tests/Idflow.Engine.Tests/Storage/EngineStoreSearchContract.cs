using Idflow.Conductor.Model;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Memory;

namespace Idflow.Engine.Tests.Storage;

/// <summary>Searches, the same over every store.</summary>
public abstract class EngineStoreSearchContract : EngineStoreContract
{
    private static SearchCondition Is(string field, params string[] values) => new(field, SearchOperator.Equal, values);

    private SearchPage Find(SearchCondition[] conditions, string? text = null, SearchSort[]? sort = null, int start = 0, int size = 100) =>
        Store.SearchWorkflows(new(conditions, text, sort ?? [new("startTime", false)], start, size));

    private void Fill() => Put(
        Flow("w1", "alpha", 10) with { Status = WorkflowStatus.COMPLETED, CorrelationId = "c1", Input = new() { ["who"] = "Müller" }, EndTime = 50 },
        Flow("w2", "beta", 20) with { Status = WorkflowStatus.FAILED, CorrelationId = "c[2]", IdempotencyKey = "key-2", UpdateTime = 20, Reason = "Disk FULL", ParentWorkflowId = "w1" },
        Flow("w3", "alpha", 30) with { Output = new() { ["total"] = 42 }, Classifier = "agent" },
        Flow("w4", "alphabet", 40) with { Status = WorkflowStatus.FAILED });

    [Theory]
    [InlineData("workflowType", "alpha", "w1,w3")]
    [InlineData("workflowType", "alpha*", "w1,w3,w4")]
    [InlineData("workflowType", "*a*t", "w4")]
    [InlineData("workflowType", "ALPHA", "")]
    [InlineData("status", "FAILED", "w2,w4")]
    [InlineData("correlationId", "c[2]", "w2")]
    [InlineData("correlationId", "c[*", "w2")]
    [InlineData("correlationId", "c?2]", "")]
    [InlineData("workflowId", "w1", "w1")]
    [InlineData("parentWorkflowId", "w1", "w2")]
    [InlineData("parentWorkflowId", "", "w1,w3,w4")]
    [InlineData("startTime", "20", "w2")]
    [InlineData("startTime", "soon", "")]
    [InlineData("classifier", "workflow", "w1,w2,w4")]
    [InlineData("classifier", "agent", "w3")]
    [InlineData("idempotencyKey", "key-2", "w2")]
    [InlineData("modifiedTime", "20", "w2")]
    [InlineData("workflowType", "x' OR '1'='1", "")]
    public void A_condition_selects(string field, string value, string expected)
    {
        Fill();
        var page = Find([Is(field, value)]);
        Assert.Equal(expected, string.Join(',', page.Ids));
        Assert.Equal(page.Ids.Count, page.TotalHits);
    }

    [Fact]
    public void Conditions_are_joined_and_lists_are_alternatives()
    {
        Fill();
        Assert.Equal(["w2", "w3"], Find([new("startTime", SearchOperator.Greater, ["10"]), new("startTime", SearchOperator.Less, ["40"])]).Ids);
        Assert.Equal(["w1", "w2", "w4"], Find([new("status", SearchOperator.In, ["FAILED", "COMPLETED"])]).Ids);
        Assert.Equal(["w1"], Find([Is("workflowType", "alpha"), Is("status", "COMPLETED")]).Ids);
        Assert.Empty(Find([new("startTime", SearchOperator.Greater, ["x"])]).Ids);
    }

    [Fact]
    public void A_page_counts_all_hits()
    {
        Fill();
        var page = Find([], sort: [new("startTime", true)], start: 1, size: 2);
        Assert.Equal(["w3", "w2"], page.Ids);
        Assert.Equal(4, page.TotalHits);
        Assert.Equal(4, Find([], start: 9).TotalHits);
        Assert.Equal((0, 4), (Find([], size: 0).Ids.Count, Find([], size: 0).TotalHits));
        Assert.Equal(["w4", "w2", "w3", "w1"], Find([], sort: [new("status", true), new("startTime", true)]).Ids.OrderBy(id => "w4w2w3w1".IndexOf(id, StringComparison.Ordinal)));
        Assert.Equal(["w1", "w3", "w4", "w2"], Find([], sort: [new("workflowType", false), new("startTime", false)]).Ids.OrderBy(id => "w1w3w4w2".IndexOf(id, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("müller", "w1")]
    [InlineData("disk full", "w2")]
    [InlineData("42", "w3")]
    [InlineData("ALPHA", "w1,w3,w4")]
    [InlineData("c[2]", "w2")]
    [InlineData("%", "")]
    public void Free_text_is_found_anywhere_in_a_summary(string text, string expected)
    {
        Fill();
        Assert.Equal(expected, string.Join(',', Find([], text).Ids));
        Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries).Take(1), Find([], text, size: 1).Ids);
    }

    [Fact]
    public void Tasks_are_searched_alike()
    {
        Put(Job("t1", "w1", 1, "mail"), Job("t2", "w1", 2, "mail") with { Status = TaskExecutionStatus.FAILED, Reason = "No Route" }, Job("t3", "w2", 1, "post"));
        SearchPage Search(params SearchCondition[] conditions) => Store.SearchTasks(new(conditions, null, [new("scheduledTime", true)], 0, 10));
        Assert.Equal(["t2", "t1"], Search(Is("taskType", "mail")).Ids);
        Assert.Equal(["t2"], Search(Is("taskDefName", "mail"), Is("status", "FAILED")).Ids);
        Assert.Equal(["t3"], Search(Is("workflowId", "w2")).Ids);
        Assert.Equal(["t2"], Store.SearchTasks(new([], "no route", [], 0, 10)).Ids);
    }
}

public sealed class InMemoryStoreTests : EngineStoreSearchContract
{
    private protected override IEngineStore Open() => new InMemoryStore();
}
