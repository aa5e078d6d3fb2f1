using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Storage;

/// <summary>Random commits over a few ids, and all that a store says about them.</summary>
internal static class StoreHistory
{
    private const int Ids = 6;

    public static StoreChanges Commit(Random random)
    {
        var commit = new StoreChanges();
        for (var i = random.Next(4); i > 0; i--)
        {
            Change(commit, random);
        }

        return commit;
    }

    private static void Change(StoreChanges commit, Random random)
    {
        var id = random.Next(Ids).ToString(CultureInfo.InvariantCulture);
        switch (random.Next(9))
        {
            case 0 or 1:
                commit.Workflows.Add(new(Flow(id, random), false, RowParts.All | RowParts.Status | RowParts.Keys));
                break;
            case 2 or 3:
                commit.Tasks.Add(new(Task(id, random), false, RowParts.All | RowParts.Status | RowParts.Keys));
                break;
            case 4:
                commit.Logs.Add(new("t" + id, "w" + random.Next(Ids), "line " + random.Next(9), random.Next(100)));
                break;
            case 5:
                commit.Documents.Add(new((DocumentKind)random.Next(1, 4), "n" + id, random.Next(2), $$"""{"n":{{random.Next(9)}}}"""));
                break;
            case 6:
                commit.Outbox.Add(new(random.Next(1, 9), "k" + id, "w" + id, new() { ["x"] = random.Next(9) }));
                break;
            case 7 when random.Next(3) == 0:
                commit.DeletedWorkflows.Add("w" + id);
                break;
            case 8 when random.Next(2) == 0:
                commit.DeletedTasks.Add("t" + id);
                commit.DeletedOutbox.Add(random.Next(1, 9));
                break;
        }
    }

    private static WorkflowRow Flow(string id, Random random) => new()
    {
        WorkflowId = "w" + id,
        Name = "name" + random.Next(3),
        Version = random.Next(3),
        SnapshotId = "s",
        Status = Enum.GetValues<WorkflowStatus>()[random.Next(4)],
        CorrelationId = random.Next(2) == 0 ? null : "c" + random.Next(2),
        IdempotencyKey = random.Next(2) == 0 ? null : "k" + random.Next(2),
        CreateTime = 100 + int.Parse(id, CultureInfo.InvariantCulture),
        Input = Payload(random),
        Output = Payload(random),
        Variables = Payload(random),
        Priority = random.Next(3),
    };

    private static TaskRow Task(string id, Random random) => new()
    {
        TaskId = "t" + id,
        WorkflowId = "w" + (id[0] % 3),
        ReferenceName = "r" + id,
        TaskType = "type" + random.Next(2),
        TaskDefName = "def" + random.Next(2),
        WorkflowType = "name",
        Seq = int.Parse(id, CultureInfo.InvariantCulture),
        Status = Enum.GetValues<TaskExecutionStatus>()[random.Next(5)],
        Input = Payload(random),
        Output = Payload(random),
        Retried = random.Next(2) == 0,
        UpdateTime = random.Next(5),
    };

    private static JsonObject Payload(Random random) => random.Next(4) switch
    {
        0 => [],
        1 => new() { ["large"] = new string('x', 3_000), ["text"] = "word" + random.Next(3) },
        _ => new() { ["v"] = random.Next(3), ["text"] = "word" + random.Next(3) },
    };

    public static string Describe(IEngineStore store)
    {
        var ids = Enumerable.Range(0, Ids).ToList();
        string Page(SearchPage page) => $"{page.TotalHits}:{string.Join(',', page.Ids)}";
        SearchCriteria Criteria(string sort, string? text, params SearchCondition[] conditions) => new(conditions, text, [new(sort, true)], 1, 3);
        return JsonSerializer.Serialize(new
        {
            Workflows = ids.Select(id => store.ReadWorkflow("w" + id)),
            Tasks = ids.Select(id => store.ReadTasks("w" + id)),
            Single = ids.Select(id => store.ReadTask("t" + id)),
            Logs = ids.Select(id => store.ReadTaskLogs("t" + id)),
            Open = store.OpenWorkflowIds().Order(),
            Outbox = store.ReadOutbox(),
            Documents = store.ReadDocuments().OrderBy(row => (row.Kind, row.Name, row.Version)),
            Named = ids.Select(id => (store.FindByName("name" + id, null, null, null), store.FindByName("name" + id, 1, 100, 103))).Select(pair => new { pair.Item1, pair.Item2 }),
            Correlated = ids.Select(id => store.FindByCorrelationId("name" + id, "c1", id % 2 == 0)),
            Keys = ids.Select(id => store.FindByIdempotencyKey("name" + id, "k1")),
            Searches = new[]
            {
                Page(store.SearchWorkflows(Criteria("workflowId", null, new SearchCondition("workflowType", SearchOperator.In, ["name1", "name2"])))),
                Page(store.SearchWorkflows(Criteria("startTime", "word1"))),
                Page(store.SearchWorkflows(Criteria("startTime", null, new SearchCondition("startTime", SearchOperator.Greater, ["102"])))),
                Page(store.SearchTasks(Criteria("taskId", null, new SearchCondition("taskType", SearchOperator.Equal, ["type1"])))),
                Page(store.SearchTasks(Criteria("taskId", "WORD2"))),
            },
        });
    }
}
