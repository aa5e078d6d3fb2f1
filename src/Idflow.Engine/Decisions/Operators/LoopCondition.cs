using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Definitions;
using Idflow.Engine.State;
using Idflow.Scripting;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>
/// The <c>loopCondition</c> of a DO_WHILE, looked at when a pass is over. Its <c>$</c> holds the loop's input parameters, the outputs of the
/// loop's members by their reference names, and the loop's own output, this pass included, by that of the loop. Each is put together when
/// the script reads it: most conditions ask the loop for its counters only, and one that made all passes anew at each of them would make
/// a long loop slower with every pass.
/// </summary>
internal static class LoopCondition
{
    /// <exception cref="ScriptException">The condition gives no value.</exception>
    public static bool Holds(WorkflowState state, DecisionContext context, TaskRow loop)
    {
        var parameters = TaskInputs.Build(loop.Entry!, state, context, loop.TaskId, withTemplate: false);
        return ScriptForms.IsTrue(context.Services.Scripts.Evaluate(loop.Entry!.LoopCondition!, "$", new View(state, loop, parameters)));
    }

    private sealed class View(WorkflowState state, TaskRow loop, JsonObject parameters) : IScriptMap
    {
        public IEnumerable<string> Keys => parameters.Select(parameter => parameter.Key)
            .Append(loop.PlainName)
            .Concat(state.Graph.MembersOf(loop.PlainName).Concat(state.Graph.InnerMembersOf(loop.PlainName)).Where(name => Member(name) is not null))
            .Distinct();

        public IScriptMap? Inner(string key) => key == loop.PlainName ? new LoopOutput(state, loop) : null;

        public bool TryGetValue(string key, out JsonNode? value)
        {
            if (Member(key) is { } member)
            {
                value = TaskOutputs.Of(state, member);
                return true;
            }
            return parameters.TryGetPropertyValue(key, out value);
        }

        /// <summary>A task of this pass; of a loop inside of this one the task of its last pass.</summary>
        private TaskRow? Member(string name) =>
            state.Graph.MembersOf(loop.PlainName).Contains(name) ? state.Latest(ReferenceNames.InIteration(name, loop.ReferenceName, loop.Iteration))
            : state.Graph.InnerMembersOf(loop.PlainName).Contains(name) ? state.LatestOfEntry(name)
            : null;
    }

    private sealed class LoopOutput(WorkflowState state, TaskRow loop) : IScriptMap
    {
        public IEnumerable<string> Keys => TaskOutputs.KeysWithCurrentPass(state, loop);

        public bool TryGetValue(string key, out JsonNode? value)
        {
            value = TaskOutputs.KeyWithCurrentPass(state, loop, key);
            return value is not null || loop.Output.ContainsKey(key);
        }
    }
}
