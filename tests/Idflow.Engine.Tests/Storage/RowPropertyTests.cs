using System.Collections;
using System.Reflection;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Engine.Tests.Storage;

/// <summary>The codecs of rows name each property; one that was forgotten there would be lost with the process.</summary>
public sealed class RowPropertyTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "idflow-rows-" + Guid.NewGuid().ToString("N"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> PropertiesOf(Type row) =>
        [.. row.GetProperties().Where(property => property.SetMethod is not null).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(PropertiesOf), typeof(TaskRow))]
    public async Task Every_property_of_a_task_is_stored(string property)
    {
        var row = new TaskRow { TaskId = "t", WorkflowId = "w", ReferenceName = "r", TaskType = "a", TaskDefName = "b", WorkflowType = "c", EntryIsOwn = property == nameof(TaskRow.Entry) };
        var expected = Differing(row, property);
        await using var store = SqliteEngineStore.Open(_folder);
        var changes = new StoreChanges();
        changes.Tasks.Add(new TaskWrite(row, true, RowParts.All));
        changes.Tasks.Add(new TaskWrite(row, false, RowParts.All | RowParts.Status | RowParts.Keys));
        store.Write([changes]);
        Assert.Equal(EngineStoreContract.Text(row), EngineStoreContract.Text(store.ReadTask(row.TaskId)));
        Assert.Contains(expected, EngineStoreContract.Text(store.ReadTask(row.TaskId)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PropertiesOf), typeof(WorkflowRow))]
    public async Task Every_property_of_a_workflow_is_stored(string property)
    {
        var row = new WorkflowRow { WorkflowId = "w", Name = "n", SnapshotId = "s" };
        var expected = Differing(row, property);
        await using var store = SqliteEngineStore.Open(_folder);
        var changes = new StoreChanges();
        changes.Workflows.Add(new WorkflowWrite(row, true, RowParts.All));
        changes.Workflows.Add(new WorkflowWrite(row, false, RowParts.All | RowParts.Status | RowParts.Keys));
        store.Write([changes]);
        Assert.Equal(EngineStoreContract.Text(row), EngineStoreContract.Text(store.ReadWorkflow(row.WorkflowId)));
        Assert.Contains(expected, EngineStoreContract.Text(store.ReadWorkflow(row.WorkflowId)), StringComparison.Ordinal);
    }

    /// <summary>Gives a property a value that is not its default.</summary>
    /// <returns>Text that the row then shows.</returns>
    private static string Differing<T>(T row, string name)
    {
        var property = typeof(T).GetProperty(name, BindingFlags.Public | BindingFlags.Instance)!;
        (object Value, string Text) other = property.PropertyType switch
        {
            var type when type == typeof(string) => ("mark-é", "mark-"),
            var type when type == typeof(int) => (987654, "987654"),
            var type when type == typeof(long) => (98765432109876L, "98765432109876"),
            var type when type == typeof(bool) => (true, $"\"{name}\":true"),
            var type when type == typeof(JsonObject) => (new JsonObject { ["mark"] = 1 }, "mark"),
            var type when type == typeof(WorkflowTask) => (new WorkflowTask { Name = "mark" }, "mark"),
            var type when type.IsAssignableTo(typeof(IEnumerable)) => (new[] { "mark" }, "mark"),
            var type when type.IsEnum => (Enum.ToObject(type, 4), $"\"{name}\":4"),
            var type => throw new NotSupportedException($"{name} is of a type that this test does not know: {type}"),
        };
        property.SetValue(row, other.Value);
        return other.Text;
    }
}
