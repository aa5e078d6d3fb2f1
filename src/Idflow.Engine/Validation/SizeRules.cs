using Idflow.Conductor.Model;
using Idflow.Engine.Definitions;

namespace Idflow.Engine.Validation;

/// <summary>How large a definition may be. Comes first: the other checks walk it in depth.</summary>
internal static class SizeRules
{
    /// <returns>False when the definition is too large for a closer look.</returns>
    public static bool Check(string path, WorkflowDef definition, EngineLimits limits, ErrorList errors)
    {
        var count = 0;
        var open = new Stack<(IReadOnlyList<WorkflowTask> List, int Depth)>();
        open.Push((definition.Tasks, 1));
        while (open.TryPop(out var next))
        {
            count += next.List.Count;
            if (count > limits.DefinitionTasks)
            {
                errors.Add($"{path}.tasks", $"A workflow may have {limits.DefinitionTasks} tasks; move parts of it into sub-workflows");
                return false;
            }
            if (next.Depth > limits.DefinitionDepth && next.List.Count > 0)
            {
                errors.Add($"{path}.tasks", $"Tasks may be nested {limits.DefinitionDepth} deep; move parts of it into sub-workflows");
                return false;
            }
            foreach (var inner in next.List.SelectMany(WorkflowGraph.ListsOf))
            {
                open.Push((inner, next.Depth + 1));
            }
        }
        return true;
    }
}
