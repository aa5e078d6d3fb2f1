using System.Text.Json.Nodes;

namespace Idflow.Durability.Tests.Killing;

/// <summary>What must hold of the server after its deaths, asked over its own API.</summary>
internal sealed class KillChecker(Api api, Ledger ledger, AgainClient again)
{
    private static readonly string[] EndedTask = ["COMPLETED", "FAILED", "CANCELED", "TIMED_OUT", "SKIPPED", "FAILED_WITH_TERMINAL_ERROR", "COMPLETED_WITH_ERRORS"];
    private static readonly string[] EndedWorkflow = ["COMPLETED", "FAILED", "TERMINATED", "TIMED_OUT"];

    private readonly HashSet<string> _checked = [];

    public List<string> Faults { get; } = [];

    /// <summary>How many the last check at the end looked at.</summary>
    public int Workflows { get; private set; }

    /// <summary>After a restart, while nobody else works: what was acknowledged since the last time is there.</summary>
    public async Task AfterRestartAsync(CancellationToken stop)
    {
        foreach (var (path, mark) in ledger.Definitions.Where(definition => _checked.Add(definition.Key)))
        {
            if (!(await api.ReadAsync(path, stop)).Body.Contains(mark, StringComparison.Ordinal))
            {
                Faults.Add($"the acknowledged definition {path} ({mark}) is lost");
            }
        }
        foreach (var id in ledger.Starts.Keys.Where(_checked.Add))
        {
            if (!(await api.ReadAsync($"workflow/{id}?includeTasks=false", stop)).IsAcknowledged)
            {
                Faults.Add($"the acknowledged start {id} is lost");
            }
        }
        foreach (var id in ledger.Paused.Keys)
        {
            if ((string?)(await api.ReadAsync($"workflow/{id}?includeTasks=false", stop)).Json?["status"] == "RUNNING" && ledger.Paused.ContainsKey(id))
            {
                Faults.Add($"the acknowledged pause of {id} is lost");
            }
        }
        foreach (var taskId in ledger.Results.Where(sent => !sent.Key.Contains('/', StringComparison.Ordinal) && ledger.AllowedTokens(sent.Key) is not null).Select(sent => sent.Key).Where(_checked.Add))
        {
            CheckTask((JsonObject)(await api.ReadAsync($"tasks/{taskId}", stop)).Json!);
        }
    }

    /// <summary>Number of workflows that have not ended.</summary>
    public async Task<int> OpenAsync(CancellationToken stop)
    {
        var reply = await api.GetAsync("workflow/search?size=1&query=" + Uri.EscapeDataString("status IN (RUNNING,PAUSED)"), stop);
        return reply.IsAcknowledged ? (int)reply.Json!["totalHits"]! : -1;
    }

    /// <summary>Everything, once all has ended.</summary>
    public async Task AtTheEndAsync(CancellationToken stop)
    {
        await AfterRestartAsync(stop);
        var workflows = new Dictionary<string, JsonObject>();
        foreach (var id in await IdsAsync(stop))
        {
            var workflow = (JsonObject)(await api.ReadAsync($"workflow/{id}", stop)).Json!;
            if (!workflows.TryAdd(id, workflow))
            {
                Faults.Add($"the id {id} is there twice");
            }
        }
        var taskIds = new HashSet<string>();
        var caused = workflows.Values.GroupBy(workflow => (string?)workflow["correlationId"] ?? "").ToDictionary(group => group.Key, group => group.Count());
        var cleanups = workflows.Values.Where(workflow => Name(workflow) == KillWorkflows.Cleanup).GroupBy(workflow => (string)workflow["input"]!["workflowId"]!).ToDictionary(group => group.Key, group => group.Count());
        foreach (var (id, workflow) in workflows)
        {
            if (workflow["input"]?["text"] is { } text && ((string)text!).Length < 600_000)
            {
                Faults.Add($"the large input of {id} is cut short");
            }
            CheckWorkflow(id, workflow, taskIds);
            CheckCauses(id, workflow, caused, cleanups);
        }
        Faults.AddRange(new AgainChecker(again).Check(workflows));
        Workflows = workflows.Count;
        CheckStarts(workflows);
        await CheckLogsAsync(stop);
    }

    private static string Name(JsonObject workflow) => (string)workflow["workflowName"]!;

    private static string Status(JsonObject row) => (string)row["status"]!;

    private async Task<List<string>> IdsAsync(CancellationToken stop)
    {
        var ids = new List<string>();
        while (true)
        {
            var page = (await api.ReadAsync($"workflow/search?start={ids.Count}&size=1000&sort=startTime:ASC", stop)).Json!;
            var results = (JsonArray)page["results"]!;
            ids.AddRange(results.Select(result => (string)result!["workflowId"]!));
            if (results.Count == 0 || ids.Count >= (int)page["totalHits"]!)
            {
                return ids;
            }
        }
    }

    private void CheckWorkflow(string id, JsonObject workflow, HashSet<string> taskIds)
    {
        var label = $"{Name(workflow)} {id}";
        var tasks = ((JsonArray)workflow["tasks"]!).Select(task => (JsonObject)task!).ToList();
        if (!EndedWorkflow.Contains(Status(workflow)))
        {
            Faults.Add($"{label} is still {Status(workflow)}: {string.Join(" ", tasks.Where(task => !EndedTask.Contains(Status(task))).Select(task => $"{task["referenceTaskName"]}:{Status(task)}"))}");
        }
        foreach (var task in tasks)
        {
            if (!taskIds.Add((string)task["taskId"]!))
            {
                Faults.Add($"{label}: the task id {task["taskId"]} is there twice");
            }
            if (EndedWorkflow.Contains(Status(workflow)) && !EndedTask.Contains(Status(task)))
            {
                Faults.Add($"{label} has ended with {task["referenceTaskName"]} {Status(task)}");
            }
            CheckTask(task);
        }
        Faults.AddRange(tasks.GroupBy(task => ((string)task["referenceTaskName"]!, (int)task["retryCount"]!)).Where(same => same.Count() > 1).Select(same => $"{label} has {same.Key} {same.Count()} times"));
        Faults.AddRange(tasks.GroupBy(task => (int)task["seq"]!).Where(same => same.Count() > 1).Select(same => $"{label} has sequence {same.Key} twice"));
        Faults.AddRange(tasks.Where(task => Status(task) == "COMPLETED").GroupBy(task => (string)task["referenceTaskName"]!).Where(same => same.Count() > 1).Select(same => $"{label} completed {same.Key} {same.Count()} times"));
    }

    /// <summary>The result that a task shows is the first that was acknowledged, or one that was sent before.</summary>
    private void CheckTask(JsonObject task)
    {
        var taskId = (string)task["taskId"]!;
        var byReference = $"{task["workflowInstanceId"]}/{task["referenceTaskName"]}";
        var token = (string?)task["outputData"]?["token"];
        var allowed = ledger.AllowedTokens(taskId) ?? ledger.AllowedTokens(byReference);
        var label = $"{task["referenceTaskName"]} of {task["workflowInstanceId"]} ({taskId})";
        if (allowed is not null && !EndedTask.Contains(Status(task)))
        {
            Faults.Add($"the acknowledged result of {label} is lost: it is {Status(task)}");
        }
        if (Status(task) is not ("COMPLETED" or "FAILED") || token is null || (string)task["taskType"]! == "SUB_WORKFLOW" || (string)task["workflowType"]! == KillWorkflows.Again)
        {
            return;
        }
        if (allowed is not null && !allowed.Contains(token))
        {
            Faults.Add($"{label} shows {token}, and was promised to be one of {string.Join(", ", allowed)}");
        }
        if (!ledger.Results.GetValueOrDefault(taskId, []).ContainsKey(token) && !ledger.Results.GetValueOrDefault(byReference, []).ContainsKey(token))
        {
            Faults.Add($"{label} shows {token}, which nobody sent for it");
        }
    }

    private void CheckCauses(string id, JsonObject workflow, Dictionary<string, int> caused, Dictionary<string, int> cleanups)
    {
        var label = $"{Name(workflow)} {id}";
        var wasTerminated = ledger.Terminations.ContainsKey(id);
        switch (Name(workflow))
        {
            case KillWorkflows.Main:
                var ended = Status(workflow) == "COMPLETED";
                Once(label, "told", caused.GetValueOrDefault($"{id}-told"), ended);
                Once(label, "started", caused.GetValueOrDefault($"{id}-started"), ended);
                if (ended && ((int?)workflow["output"]!["count"] != KillWorkflows.Rounds || workflow["output"]!["a"] is null || workflow["output"]!["sub"] is null))
                {
                    Faults.Add($"{label} ended with {workflow["output"]!.ToJsonString()}");
                }
                break;
            case KillWorkflows.Failing:
                Once(label, "cleanup", cleanups.GetValueOrDefault(id), Status(workflow) is "FAILED" or "TIMED_OUT");
                return;
            case KillWorkflows.Retried:
                return;
            default:
                break;
        }
        if (!wasTerminated && workflow["parentWorkflowId"] is null && Status(workflow) != "COMPLETED")
        {
            Faults.Add($"{label} is {Status(workflow)}: {workflow["reasonForIncompletion"]}");
        }
    }

    private void Once(string label, string what, int count, bool must)
    {
        if (count > 1 || (must && count == 0))
        {
            Faults.Add($"{label} caused {count} of '{what}'");
        }
    }

    private void CheckStarts(Dictionary<string, JsonObject> workflows)
    {
        Faults.AddRange(ledger.Starts.Keys.Where(id => !workflows.ContainsKey(id)).Select(id => $"the acknowledged start {id} is not found"));
        Faults.AddRange(ledger.Keys.Where(key => key.Value.Distinct().Count() > 1).Select(key => $"the key {key.Key} started {string.Join(", ", key.Value.Distinct())}"));
        Faults.AddRange(ledger.Terminations.Where(done => done.Value && workflows.TryGetValue(done.Key, out var workflow) && Status(workflow) != "TERMINATED").Select(done => $"the acknowledged termination of {done.Key} is lost"));
        Faults.AddRange(api.Unexpected.Select(answer => $"unexpected answer {answer}"));
    }

    private async Task CheckLogsAsync(CancellationToken stop)
    {
        foreach (var (taskId, lines) in ledger.Logs)
        {
            var kept = (await api.ReadAsync($"tasks/{taskId}/log", stop)).Body;
            Faults.AddRange(lines.Where(line => !kept.Contains(line, StringComparison.Ordinal)).Select(line => $"the acknowledged log line {line} of task {taskId} is lost"));
        }
    }
}
