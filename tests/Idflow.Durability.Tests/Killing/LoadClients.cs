using System.Text.Json.Nodes;

namespace Idflow.Durability.Tests.Killing;

/// <summary>Clients that start, poll, report, define, signal, pause and terminate, and write down what was acknowledged.</summary>
internal sealed class LoadClients(Api api, Ledger ledger, int seed)
{
    /// <summary>Workflows that may be open before starters wait: the load is steady, and the end not far.</summary>
    private const int MostOpen = 40;

    private int _open;
    private int _tokens;

    public async Task StarterAsync(int number, CancellationToken stop)
    {
        var random = new Random(seed * 31 + number);
        while (!stop.IsCancellationRequested && !ledger.StartsStopped)
        {
            if (Volatile.Read(ref _open) >= MostOpen && !MustBeLarge)
            {
                await Task.Delay(10, stop);
                continue;
            }
            var (name, key) = random.Next(13) switch { 0 => (KillWorkflows.Failing, null), 1 or 2 => (KillWorkflows.Waiting, null), 3 => (KillWorkflows.Child, Token("key")), 4 => (KillWorkflows.Again, null), 5 => (KillWorkflows.Retried, null), 6 => (KillWorkflows.Inbox, null), _ => (KillWorkflows.Main, (string?)null) };
            await StartAsync(name, key, MustBeLarge || random.Next(4) == 0, stop);
            if (random.Next(6) == 0)
            {
                await DefineAsync(random, stop);
            }
        }
    }

    /// <summary>Each start is a large one, however many workflows are open: what is to be met are files of payloads.</summary>
    public bool MustBeLarge { get; set; }

    public void Ended(int count) => Volatile.Write(ref _open, count);

    /// <summary>A key is used again until it is acknowledged: what was started before must be what comes back.</summary>
    private async Task StartAsync(string name, string? key, bool isLarge, CancellationToken stop)
    {
        var body = new JsonObject { ["name"] = name, ["version"] = 1, ["input"] = new JsonObject { ["token"] = Token("in") } };
        if (isLarge)
        {
            // So large that it is stored as a file.
            body["input"]!["text"] = new string('x', 600_000) + Token("large");
        }
        if (key is not null)
        {
            (body["idempotencyKey"], body["idempotencyStrategy"]) = (key, "RETURN_EXISTING");
        }
        for (var again = key is null ? 1 : 3; again > 0;)
        {
            var reply = await api.SendAsync(HttpMethod.Post, "workflow", body, stop);
            if (reply.IsAcknowledged)
            {
                ledger.Starts.TryAdd(reply.Body, name);
                Interlocked.Increment(ref _open);
                if (key is not null)
                {
                    ledger.Keys.GetOrAdd(key, _ => []).Add(reply.Body);
                }
            }
            again -= reply.IsAcknowledged || key is null ? 1 : 0;
        }
    }

    private async Task DefineAsync(Random random, CancellationToken stop)
    {
        var name = Token("dur_def");
        var mark = Token("mark");
        var (path, read, body) = random.Next(3) switch
        {
            0 => ("metadata/workflow", $"metadata/workflow/{name}?version=1", new JsonObject { ["name"] = name, ["version"] = 1, ["description"] = mark, ["ownerEmail"] = "ops@example.com", ["tasks"] = new JsonArray(new JsonObject { ["name"] = "noop", ["taskReferenceName"] = "n", ["type"] = "NOOP" }) }),
            1 => ("metadata/taskdefs", $"metadata/taskdefs/{name}", (JsonNode)new JsonArray(new JsonObject { ["name"] = name, ["description"] = mark, ["ownerEmail"] = "ops@example.com" })),
            _ => ("event", $"event/{name}?activeOnly=false", new JsonObject { ["name"] = mark, ["event"] = name, ["active"] = false, ["actions"] = new JsonArray(new JsonObject { ["action"] = "fail_task", ["fail_task"] = new JsonObject { ["taskId"] = "x" } }) }),
        };
        if ((await api.SendAsync(HttpMethod.Post, path, body, stop)).IsAcknowledged)
        {
            ledger.Definitions[read] = mark;
        }
    }

    /// <summary>A worker: some work in idflow's own processes and lose their tasks with the engine, others elsewhere.</summary>
    public async Task WorkerAsync(int number, CancellationToken stop)
    {
        var random = new Random(seed * 37 + number);
        var id = number % 2 == 0 ? $"idflow:{number}" : $"elsewhere-{number}";
        var sent = new List<JsonObject>();
        while (!stop.IsCancellationRequested)
        {
            var type = KillWorkflows.TaskTypes[random.Next(KillWorkflows.TaskTypes.Length)];
            var polled = await api.GetAsync($"tasks/poll/batch/{type}?workerid={id}&count=5&timeout=20", stop);
            foreach (var task in polled.IsAcknowledged ? (JsonArray)polled.Json! : [])
            {
                await ReportAsync(random, id, (JsonObject)task!, type == "dur_breaks", sent, stop);
            }
        }
    }

    private async Task ReportAsync(Random random, string workerId, JsonObject task, bool breaks, List<JsonObject> sent, CancellationToken stop)
    {
        var taskId = (string)task["taskId"]!;
        if (random.Next(40) == 0)
        {
            // This one dies with its task.
            return;
        }
        if (random.Next(15) == 0 && (string)task["workflowType"]! != KillWorkflows.Again)
        {
            var line = Token("line");
            if ((await api.SendAsync(HttpMethod.Post, $"tasks/{taskId}/log", JsonValue.Create(line), stop)).IsAcknowledged)
            {
                ledger.Logs.GetOrAdd(taskId, _ => []).Add(line);
            }
        }
        var status = breaks ? "FAILED" : random.Next(12) switch { 0 => "FAILED", 1 => "IN_PROGRESS", _ => "COMPLETED" };
        await SendAsync(workerId, task, status, sent, stop);
        if (random.Next(8) == 0)
        {
            await SendAsync(workerId, task, "COMPLETED", sent, stop);
        }
    }

    /// <summary>Sends until it is acknowledged, each time with a result of its own, as a worker that computes again would.</summary>
    private async Task SendAsync(string workerId, JsonObject task, string status, List<JsonObject> sent, CancellationToken stop)
    {
        var taskId = (string)task["taskId"]!;
        for (var tries = 0; tries < 20; tries++)
        {
            var token = Token("out");
            var result = new JsonObject
            {
                ["taskId"] = taskId,
                ["workflowInstanceId"] = (string)task["workflowInstanceId"]!,
                ["workerId"] = workerId,
                ["status"] = status,
                ["callbackAfterSeconds"] = 0,
                ["outputData"] = new JsonObject { ["token"] = token },
            };
            Task<Reply> PostAsync() => api.SendAsync(HttpMethod.Post, "tasks", result, stop);

            // Nobody is promised the results of a workflow that operators run again: its tasks go.
            var reply = (string)task["workflowType"]! == KillWorkflows.Again ? await PostAsync() : await ledger.SendAsync(taskId, token, status != "IN_PROGRESS", PostAsync);
            if (reply.Status != 0)
            {
                return;
            }
        }
    }

    /// <summary>Signals what waits, and interferes.</summary>
    public async Task OperatorAsync(int number, CancellationToken stop)
    {
        var random = new Random(seed * 41 + number);
        while (!stop.IsCancellationRequested && !ledger.StartsStopped)
        {
            await Task.Delay(5, stop);
            var open = ledger.Starts.Where(start => !ledger.Terminations.ContainsKey(start.Key)).OrderBy(_ => random.Next()).Select(start => start.Key).Take(1).ToList();
            if (open is not [var id])
            {
                continue;
            }
            switch (random.Next(20))
            {
                case 0 when ledger.Starts[id] is not (KillWorkflows.Again or KillWorkflows.Retried) && ledger.Terminations.TryAdd(id, false):
                    ledger.Terminations[id] = (await api.SendAsync(HttpMethod.Delete, $"workflow/{id}?reason=operator", null, stop)).IsAcknowledged;
                    break;
                case 1:
                    await PauseAsync(id, stop);
                    break;
                case 2:
                    await ResumeAsync(id, stop);
                    break;
                default:
                    await SignalAsync(random, stop);
                    break;
            }
        }
    }

    private async Task PauseAsync(string id, CancellationToken stop)
    {
        if ((await api.SendAsync(HttpMethod.Put, $"workflow/{id}/pause", null, stop)).IsAcknowledged)
        {
            ledger.Paused[id] = true;
        }
    }

    /// <summary>Resumes and signals whatever waits for an operator, also what nobody was told of.</summary>
    public async Task SettleAsync(AgainClient again, CancellationToken stop)
    {
        var open = await api.ReadAsync("workflow/search?size=1000&query=" + Uri.EscapeDataString("status IN (RUNNING,PAUSED)"), stop);
        foreach (var workflow in open.IsAcknowledged ? (JsonArray)open.Json!["results"]! : [])
        {
            var id = (string)workflow!["workflowId"]!;
            if ((string?)workflow["status"] == "PAUSED")
            {
                await ResumeAsync(id, stop);
            }
            if ((string?)workflow["workflowType"] == KillWorkflows.Inbox)
            {
                await again.PushAsync(id, stop);
            }
            if ((string?)workflow["workflowType"] == KillWorkflows.Waiting)
            {
                await SignalAsync(id, "human", stop);
                await SignalAsync(id, "signal", stop);
            }
        }
    }

    private async Task ResumeAsync(string id, CancellationToken stop)
    {
        ledger.Paused.TryRemove(id, out _);
        await api.SendAsync(HttpMethod.Put, $"workflow/{id}/resume", null, stop);
    }

    private async Task SignalAsync(Random random, CancellationToken stop)
    {
        if (ledger.Starts.Where(start => start.Value == KillWorkflows.Waiting).OrderBy(_ => random.Next()).Select(start => start.Key).FirstOrDefault() is not { } id)
        {
            return;
        }
        await SignalAsync(id, random.Next(2) == 0 ? "human" : "signal", stop);
    }

    private async Task SignalAsync(string id, string reference, CancellationToken stop)
    {
        var token = Token("sig");

        // An empty answer says that no such task was open: nothing was promised.
        await ledger.SendAsync($"{id}/{reference}", token, true, () => api.SendAsync(HttpMethod.Post, $"tasks/{id}/{reference}/COMPLETED", new JsonObject { ["token"] = token }, stop), reply => reply.Body.Length > 0);
    }

    private string Token(string prefix) => $"{prefix}_{seed}_{Interlocked.Increment(ref _tokens)}";
}
