using Idflow.Conductor.Model;
using Idflow.Engine.Definitions;
using Idflow.Engine.Execution;
using Idflow.Engine.State;
using Idflow.Engine.Storage.Memory;

namespace Idflow.Engine.Tests.Execution;

public sealed class InstanceTableTests
{
    private const int Most = 3;

    private static InstanceTable Table()
    {
        var store = new InMemoryStore();
        var changes = new StoreChanges();
        changes.Snapshots.Add(new SnapshotRow("s", new WorkflowDef { Name = "flow" }));
        changes.Workflows.AddRange(Enumerable.Range(1, 8).Select(i =>
            new WorkflowWrite(new WorkflowRow { WorkflowId = $"w{i}", Name = "flow", SnapshotId = "s", Status = WorkflowStatus.RUNNING }, true, RowParts.All)));
        store.Write([changes]);
        return new InstanceTable(store, new SnapshotCache(store), BackgroundWork.OnThreadPool, Most);
    }

    private static IEnumerable<string> InMemory(InstanceTable table) => table.All.Select(instance => instance.Id);

    [Fact]
    public void Those_used_least_lately_leave_the_memory_and_come_back_when_they_are_wanted()
    {
        var table = Table();
        var first = table.Find("w1")!;
        foreach (var i in (int[])[2, 3, 4, 5, 1])
        {
            table.Find($"w{i}");
        }

        table.Trim();

        Assert.Equal(["w1", "w4", "w5"], InMemory(table));
        Assert.False(first.IsDead);
        Assert.Equal("w2", table.Find("w2")!.Id);
    }

    [Fact]
    public void One_with_a_change_on_its_way_to_the_disk_stays()
    {
        var table = Table();
        var written = new TaskCompletionSource();
        table.Find("w1")!.LastCommit = written.Task;
        for (var i = 2; i <= 8; i++)
        {
            table.Find($"w{i}");
        }

        table.Trim();
        Assert.Contains("w1", InMemory(table));

        written.SetResult();
        table.Find("w2");
        table.Find("w7");
        table.Find("w6");
        table.Trim();
        Assert.DoesNotContain("w1", InMemory(table));
    }
}
