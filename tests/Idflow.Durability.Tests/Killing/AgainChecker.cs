using System.Globalization;
using System.Text.Json.Nodes;

namespace Idflow.Durability.Tests.Killing;

/// <summary>What must hold at the end of reruns, restarts, retries, messages and schedules.</summary>
internal sealed class AgainChecker(AgainClient again)
{
    public IEnumerable<string> Check(IReadOnlyDictionary<string, JsonObject> workflows) =>
    [
        .. again.Reruns.Where(asked => workflows.ContainsKey(asked.Key)).SelectMany(asked => CheckAgain(asked.Key, workflows[asked.Key], asked.Value)),
        .. again.Retries.Where(asked => workflows.ContainsKey(asked.Key)).SelectMany(asked => CheckRetries(asked.Key, workflows[asked.Key], asked.Value)),
        .. again.Messages.Where(sent => workflows.ContainsKey(sent.Key)).SelectMany(sent => CheckMessages(sent.Key, workflows[sent.Key], sent.Value)),
        .. CheckSchedule(workflows.Values),
    ];

    /// <summary>The input is that of the last acknowledged rerun, or of one that was asked for after it; nothing is older than the last acknowledged restart.</summary>
    private static IEnumerable<string> CheckAgain(string id, JsonObject workflow, List<AskedAgain> asked)
    {
        var token = (string)workflow["input"]!["token"]!;
        var reruns = asked.Where(rerun => rerun.Token.Length > 0).ToList();
        var last = reruns.FindLastIndex(rerun => rerun.IsAcknowledged);
        if (last >= 0 && reruns.Skip(last).All(rerun => rerun.Token != token))
        {
            yield return $"the acknowledged rerun {reruns[last].Token} of {id} is lost: its input is {token}";
        }
        if ((string?)workflow["output"]?["token"] != token && (string)workflow["status"]! == "COMPLETED")
        {
            yield return $"{id} ended with the token {workflow["output"]?["token"]}, and its input is {token}";
        }
        var restart = asked.FindLast(restart => restart.Token.Length == 0 && restart.IsAcknowledged);
        if (restart is not null && (long)workflow["createTime"]! < restart.SentAt)
        {
            yield return $"the acknowledged restart of {id} at {restart.SentAt} is lost: it was created at {workflow["createTime"]}";
        }
    }

    private static IEnumerable<string> CheckRetries(string id, JsonObject workflow, (int Asked, int Acknowledged) retries)
    {
        var attempts = ((JsonArray)workflow["tasks"]!).Count;
        if (attempts < 1 + retries.Acknowledged || attempts > 1 + retries.Asked)
        {
            yield return $"{id} has {attempts} attempts after {retries.Acknowledged} acknowledged retries of {retries.Asked}";
        }
    }

    /// <summary>In order, none twice, and none left out that was acknowledged before one that came.</summary>
    private static IEnumerable<string> CheckMessages(string id, JsonObject workflow, List<(int Number, bool IsAcknowledged)> sent)
    {
        var pulled = ((JsonArray)workflow["tasks"]!).Where(task => (string)task!["taskType"]! == "PULL_WORKFLOW_MESSAGES").OrderBy(task => (int)task!["seq"]!)
            .SelectMany(task => (JsonArray?)task!["outputData"]?["messages"] ?? []).Select(message => (int)message!["payload"]!["n"]!).ToList();
        if (!pulled.SequenceEqual(pulled.Distinct().Order()))
        {
            yield return $"{id} pulled the messages {string.Join(' ', pulled)}";
        }
        var lost = sent.Where(message => message.IsAcknowledged && message.Number < pulled.LastOrDefault() && !pulled.Contains(message.Number)).Select(message => message.Number).ToList();
        if (lost.Count > 0)
        {
            yield return $"{id} pulled the messages {string.Join(' ', pulled)}, and not the acknowledged {string.Join(' ', lost)}";
        }
    }

    /// <summary>Each time once, none left out: also what passed while the program was dead.</summary>
    private static IEnumerable<string> CheckSchedule(IEnumerable<JsonObject> workflows)
    {
        var times = workflows.Where(workflow => (string)workflow["workflowName"]! == KillWorkflows.Ticked).Select(workflow => (long)workflow["input"]!["_scheduledTime"]!).Order().ToList();
        return times.Zip(times.Skip(1)).Where(pair => pair.Second - pair.First != KillWorkflows.TickMs)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"after its run at {pair.First} the schedule ran at {pair.Second}"));
    }
}
