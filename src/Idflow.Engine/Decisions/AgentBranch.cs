using System.Text.Json.Nodes;
using Idflow.Engine.Definitions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>
/// Branches of the forks that agent SDKs write (see <see cref="Classifier.IsAgent"/>): their JOIN carries an agent's state only, and what
/// a tool gave under the tool's name.
/// </summary>
internal static class AgentBranch
{
    private static readonly string[] StateKeys = ["_state_updates", "state"];

    /// <summary>The output of a branch as the JOIN has it; the same instance for all other workflows.</summary>
    public static JsonObject Reduce(WorkflowState state, TaskRow branch, JsonObject output)
    {
        if (!Classifier.IsAgent(state.Graph.Definition))
        {
            return output;
        }
        var reduced = new JsonObject(StateKeys.Where(output.ContainsKey).Select(key => KeyValuePair.Create(key, output[key]?.DeepClone())));
        return reduced.Count > 0 ? reduced : new JsonObject { ["_agent_tool_name"] = branch.TaskDefName, ["_agent_tool_output"] = output.DeepClone() };
    }
}
