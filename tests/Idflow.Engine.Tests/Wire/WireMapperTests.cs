using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Wire;

namespace Idflow.Engine.Tests.Wire;

/// <summary>Rows and wire models are written apart; a property that the mapper forgot would be missing for clients only.</summary>
public sealed class WireMapperTests
{
    /// <summary>What no row holds: filled in at a hand-out, or never used by this engine.</summary>
    private static readonly string[] NotOfTheRow = ["FirstStartTime", "CallbackFromWorker", "ExecutionMetadata", "RuntimeMetadata", "ReRunFromWorkflowId", "Tasks", "UpdatedBy", "History", "RateLimitKey", "RateLimited"];

    [Fact]
    public void Every_property_of_a_task_that_a_row_holds_reaches_the_client()
    {
        var row = Filled(new TaskRow { TaskId = "t", WorkflowId = "w", ReferenceName = "r", TaskType = "a", TaskDefName = "b", WorkflowType = "c" });
        Assert.Equal(NotOfTheRow.Intersect(Names<TaskExecution>()), Unset(WireMapper.ToTask(row, row.Output)));
    }

    [Fact]
    public void Every_property_of_a_workflow_that_a_row_holds_reaches_the_client()
    {
        var row = Filled(new WorkflowRow { WorkflowId = "w", Name = "n", SnapshotId = "s" });
        Assert.Equal(NotOfTheRow.Intersect(Names<Workflow>()), Unset(WireMapper.ToWorkflow(row, new WorkflowDef { Name = "n", OwnerApp = "app" })));
    }

    private static IEnumerable<string> Names<T>() => typeof(T).GetProperties().Select(property => property.Name);

    /// <summary>The settable properties that have the value of a new instance.</summary>
    private static IEnumerable<string> Unset<T>(T wire)
    {
        var empty = typeof(T) == typeof(Workflow) ? (object)new Workflow { WorkflowId = "" } : Activator.CreateInstance<T>()!;
        return typeof(T).GetProperties().Where(property => property.SetMethod is not null && Text(property.GetValue(wire)) == Text(property.GetValue(empty)))
            .Select(property => property.Name).OrderBy(name => Array.IndexOf(NotOfTheRow, name));
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        JsonObject map => map.ToJsonString(),
        System.Collections.IEnumerable list and not string => string.Join(",", list.Cast<object>()),
        _ => value.ToString()!,
    };

    private static T Filled<T>(T row)
    {
        foreach (var property in typeof(T).GetProperties().Where(property => property.SetMethod is not null))
        {
            property.SetValue(row, property.PropertyType switch
            {
                var type when type == typeof(string) => "text",
                var type when type == typeof(int) => property.Name == nameof(TaskRow.Seq) ? 5 : 7,
                var type when type == typeof(long) => property.Name == nameof(TaskRow.StartTime) ? 900L : 700L,
                var type when type == typeof(bool) => true,
                var type when type == typeof(JsonObject) => new JsonObject { ["a"] = 1 },
                var type when type == typeof(WorkflowTask) => new WorkflowTask { Name = "n", TaskDefinition = new TaskDef { Name = "d" } },
                var type when type.IsEnum => Enum.ToObject(type, 4),
                _ => new[] { "name" },
            });
        }
        return row;
    }
}
