using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Idflow.Durability.Tests.Killing;

/// <summary>An operation that was asked for, and whether that was acknowledged.</summary>
internal sealed record AskedAgain(string Token, long SentAt, bool IsAcknowledged);

/// <summary>Sets ended workflows going again: reruns with another input, restarts, retries; and pushes messages. Writes down what was acknowledged.</summary>
internal sealed class AgainClient(Api api, Ledger ledger, int seed)
{
    private int _numbers;

    /// <summary>By workflow, in order; a restart has no token of its own.</summary>
    public ConcurrentDictionary<string, List<AskedAgain>> Reruns { get; } = new();

    /// <summary>Retries that were asked for, and acknowledged, by workflow.</summary>
    public ConcurrentDictionary<string, (int Asked, int Acknowledged)> Retries { get; } = new();

    /// <summary>Messages by workflow, in the order in which they were sent, one after the other.</summary>
    public ConcurrentDictionary<string, List<(int Number, bool IsAcknowledged)>> Messages { get; } = new();

    public async Task RunAsync(CancellationToken stop)
    {
        var random = new Random(seed * 43);
        while (!stop.IsCancellationRequested && !ledger.StartsStopped)
        {
            await Task.Delay(10, stop);
            switch (random.Next(4))
            {
                case 0 when Any(random, KillWorkflows.Again) is { } id:
                    await AgainAsync(random, id, stop);
                    break;
                case 1 when Any(random, KillWorkflows.Retried) is { } id:
                    await RetryAsync(id, stop);
                    break;
                case > 1 when Any(random, KillWorkflows.Inbox) is { } id:
                    await PushAsync(id, stop);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>One message: a task may wait for it.</summary>
    public async Task PushAsync(string id, CancellationToken stop)
    {
        var messages = Messages.GetOrAdd(id, _ => []);
        var number = Interlocked.Increment(ref _numbers);
        var reply = await api.SendAsync(HttpMethod.Post, $"workflow/{id}/messages", new JsonObject { ["n"] = number }, stop);
        lock (messages)
        {
            messages.Add((number, reply.IsAcknowledged));
        }
        ledger.Count(reply);
    }

    private string? Any(Random random, string name)
    {
        var ids = ledger.Starts.Where(start => start.Value == name).Select(start => start.Key).Order(StringComparer.Ordinal).TakeLast(20).ToList();
        return ids.Count == 0 ? null : ids[random.Next(ids.Count)];
    }

    private async Task AgainAsync(Random random, string id, CancellationToken stop)
    {
        var asked = Reruns.GetOrAdd(id, _ => []);
        var isRestart = random.Next(2) == 0;
        var token = isRestart ? "" : string.Create(CultureInfo.InvariantCulture, $"again_{seed}_{Interlocked.Increment(ref _numbers)}");
        var sentAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var reply = isRestart
            ? await api.SendAsync(HttpMethod.Post, $"workflow/{id}/restart", null, stop)
            : await api.SendAsync(HttpMethod.Post, $"workflow/{id}/rerun", new JsonObject { ["workflowInput"] = new JsonObject { ["token"] = token } }, stop);
        if (reply.Status is 0 or (>= 200 and < 300) or >= 500)
        {
            asked.Add(new AskedAgain(token, sentAt, reply.IsAcknowledged));
        }
        ledger.Count(reply);
    }

    private async Task RetryAsync(string id, CancellationToken stop)
    {
        var reply = await api.SendAsync(HttpMethod.Post, $"workflow/{id}/retry", null, stop);
        if (reply.Status is 0 or (>= 200 and < 300) or >= 500)
        {
            Retries.AddOrUpdate(id, _ => (1, reply.IsAcknowledged ? 1 : 0), (_, known) => (known.Asked + 1, known.Acknowledged + (reply.IsAcknowledged ? 1 : 0)));
        }
        ledger.Count(reply);
    }
}
