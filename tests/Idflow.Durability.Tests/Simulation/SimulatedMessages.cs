using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Storage;

namespace Idflow.Durability.Tests.Simulation;

/// <summary>Messages pushed to workflows that pull them: an acknowledged one is delivered once, in order, while its workflow runs.</summary>
internal sealed class SimulatedMessages(SimulatedProcess process, SimulatedClients clients, SimulationWatch watch)
{
    private int _numbers;

    /// <summary>Acknowledged messages of each workflow: their numbers.</summary>
    public Dictionary<string, List<int>> Pushed { get; } = [];

    public void Push()
    {
        if (clients.Any("inbox") is { } id)
        {
            Push(id);
        }
    }

    public void Push(string id)
    {
        var number = _numbers++;
        process.Call(() => process.Engine.PushMessageAsync(id, new JsonObject { ["n"] = number }), _ => (Pushed.TryGetValue(id, out var numbers) ? numbers : Pushed[id] = []).Add(number));
    }

    public IEnumerable<string> Check(IEngineStore disk)
    {
        foreach (var (id, pushed) in Pushed)
        {
            if (watch.WasAsked("reopen", id) || disk.ReadWorkflow(id) is not { } row)
            {
                // What was pulled by tasks that a rerun has dropped went with them.
                continue;
            }
            var pulled = disk.ReadTasks(id).Where(task => task is { TaskType: TaskTypes.PullWorkflowMessages, Status: TaskExecutionStatus.COMPLETED })
                .SelectMany(task => (JsonArray)task.Output["messages"]!).Select(message => (int)message!["payload"]!["n"]!).ToList();
            var all = pulled.Concat(disk.ReadMessages(id).Select(message => (int)message.Payload["n"]!)).ToList();
            if (all.Distinct().Count() != all.Count || !all.SequenceEqual(all.Order()))
            {
                yield return $"the messages of {id} came as {string.Join(' ', all)}, {pulled.Count} of them to its tasks";
            }
            if (!row.Status.IsTerminal() && pushed.Except(all).ToList() is { Count: > 0 } lost)
            {
                yield return $"the acknowledged messages {string.Join(' ', lost)} of {id} are lost";
            }
        }
    }
}
