using System.Globalization;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Benchmarks.Scale;

/// <summary>
/// Writes executions through the engine's store as an engine that has run for long leaves them: ended ones, and ones that wait, half of
/// them for a time and half for a worker.
/// </summary>
internal sealed class History(SqliteEngineStore store)
{
    public const string Name = "order";
    public const string Running = "waiting";
    private const string SnapshotId = "scale";
    private const int Group = 500;
    private const long Begin = 1_750_000_000_000;

    private static readonly string[] Names = [Name, "invoice", "report", "import"];
    private static readonly string[] Words = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron"];

    private readonly Random _random = new(1);
    private long _time = Begin;

    /// <summary>The word that one workflow in a hundred thousand holds.</summary>
    public const string RareWord = "quetzal";

    public void WriteDefinition()
    {
        var changes = new StoreChanges();
        changes.Snapshots.Add(new SnapshotRow(SnapshotId, new WorkflowDef
        {
            Name = Name,
            OwnerEmail = "scale@example.com",
            Tasks =
            [
                new WorkflowTask { Name = "wait", TaskReferenceName = "wait", Type = TaskTypes.Wait, InputParameters = new() { ["duration"] = "3650 days" } },
                new WorkflowTask { Name = "work", TaskReferenceName = "work", Type = TaskTypes.Simple },
            ],
        }));
        store.Write([changes]);
    }

    public void WriteEnded(int count, int tasks) => Write(count, (changes, n) =>
    {
        var flow = Flow(n, Names[n % Names.Length]) with
        {
            Status = n % 20 == 0 ? WorkflowStatus.FAILED : WorkflowStatus.COMPLETED,
            EndTime = _time + 900,
            Output = new() { ["total"] = n, ["state"] = Words[_random.Next(Words.Length)] },
        };
        changes.Workflows.Add(new WorkflowWrite(flow, true, RowParts.All));
        for (var seq = 1; seq <= tasks; seq++)
        {
            changes.Tasks.Add(new TaskWrite(Task(flow, seq) with { Status = TaskExecutionStatus.COMPLETED, EndTime = _time + 800, Executed = true }, true, RowParts.All));
        }
    });

    public void WriteRunning(int count) => Write(count, (changes, n) =>
    {
        var flow = Flow(n, Running);
        changes.Workflows.Add(new WorkflowWrite(flow, true, RowParts.All));
        var far = DateTimeOffset.UtcNow.AddDays(30).ToUnixTimeMilliseconds();
        changes.Tasks.Add(new TaskWrite(n % 2 == 0
            ? Task(flow, 1) with { ReferenceName = "wait", TaskType = TaskTypes.Wait, TaskDefName = "wait", Status = TaskExecutionStatus.IN_PROGRESS, DueTime = far }
            : Task(flow, 1) with { Status = TaskExecutionStatus.SCHEDULED }, true, RowParts.All));
    });

    private void Write(int count, Action<StoreChanges, int> add)
    {
        for (var done = 0; done < count; done += Group)
        {
            var changes = new StoreChanges();
            for (var n = done; n < Math.Min(count, done + Group); n++)
            {
                _time += 20;
                add(changes, n);
            }

            store.Write([changes]);
        }
    }

    private WorkflowRow Flow(int n, string name) => new()
    {
        WorkflowId = Id(),
        Name = name,
        SnapshotId = SnapshotId,
        Status = WorkflowStatus.RUNNING,
        CorrelationId = string.Create(CultureInfo.InvariantCulture, $"customer-{n % 50_000}"),
        CreateTime = _time,
        UpdateTime = _time,
        Input = new()
        {
            ["customer"] = n % 50_000,
            ["note"] = $"{Words[_random.Next(Words.Length)]} {Words[_random.Next(Words.Length)]} {(n % 100_000 == 7 ? RareWord : "")}",
            ["text"] = new string('x', 60),
        },
    };

    private TaskRow Task(WorkflowRow flow, int seq) => new()
    {
        TaskId = Id(),
        WorkflowId = flow.WorkflowId,
        ReferenceName = "work",
        TaskType = "work",
        TaskDefName = "work",
        WorkflowType = flow.Name,
        Seq = seq,
        ScheduledTime = _time,
        FirstScheduledTime = _time,
        StartTime = _time + 5,
        UpdateTime = _time + 800,
        CorrelationId = flow.CorrelationId,
        Input = new() { ["customer"] = seq },
        Output = new() { ["done"] = true },
    };

    private string Id() => Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(_time)).ToString();
}
