using System.Globalization;

namespace Idflow.Engine.Definitions;

/// <summary>Texts of errors about definitions, as Conductor's clients know them.</summary>
internal static class DefinitionErrors
{
    public static string NoSuchWorkflow(string name, int? version) =>
        $"No such workflow defined. name={name}, version={version?.ToString(CultureInfo.InvariantCulture) ?? "null"}";

    public static string WorkflowNotFound(string name, int? version) =>
        $"No such workflow found by name: {name}, version: {version?.ToString(CultureInfo.InvariantCulture) ?? "null"}";

    public static string NoSuchDefinition(string name, int version) => $"No such workflow definition: {name} version: {version}";

    public static string TaskNotFound(string name) => $"No such taskType found by name: {name}";

    /// <summary>Of a task definition that is to be replaced.</summary>
    public static string NoSuchTask(string name) => $"No such task by name {name}";

    /// <summary>Of a task definition that is to be deleted.</summary>
    public const string NoTaskToDelete = "No such task definition";

    public static string HandlerNotFound(string name) => $"EventHandler with name {name} not found!";
}
