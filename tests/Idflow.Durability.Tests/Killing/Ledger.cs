using System.Collections.Concurrent;
using System.Diagnostics;

namespace Idflow.Durability.Tests.Killing;

/// <summary>One result that was sent for a task. Times are stopwatch ticks.</summary>
/// <param name="Token">Stands in the result's output.</param>
/// <param name="Acknowledged">When the answer came; 0 while there is none.</param>
internal sealed record SentResult(string Token, bool IsFinal, long Sent, long Acknowledged);

/// <summary>What clients were promised: every acknowledged call, and for results also those that nobody knows the fate of.</summary>
internal sealed class Ledger
{
    private long _operations;

    /// <summary>Acknowledged starts: id and kind.</summary>
    public ConcurrentDictionary<string, string> Starts { get; } = new();

    /// <summary>Acknowledged starts under an idempotency key: key and ids, which must be one.</summary>
    public ConcurrentDictionary<string, ConcurrentBag<string>> Keys { get; } = new();

    /// <summary>Acknowledged definitions: path to read and the mark that must be in it. Each name is written once.</summary>
    public ConcurrentDictionary<string, string> Definitions { get; } = new();

    /// <summary>By task id, or by <c>workflow/reference</c>; then by token.</summary>
    public ConcurrentDictionary<string, ConcurrentDictionary<string, SentResult>> Results { get; } = new();

    /// <summary>Acknowledged lines of logs by task.</summary>
    public ConcurrentDictionary<string, ConcurrentBag<string>> Logs { get; } = new();

    /// <summary>Workflows whose termination was asked for; true when it was acknowledged.</summary>
    public ConcurrentDictionary<string, bool> Terminations { get; } = new();

    /// <summary>Workflows that were paused, acknowledged, and not resumed since.</summary>
    public ConcurrentDictionary<string, bool> Paused { get; } = new();

    /// <summary>No more starts and operations: what there is shall end.</summary>
    public bool StartsStopped { get; set; }

    /// <summary>An operation that other books know.</summary>
    public void Count(Reply reply)
    {
        if (reply.IsAcknowledged)
        {
            Interlocked.Increment(ref _operations);
        }
    }

    public long Acknowledged => Interlocked.Read(ref _operations) + Starts.Count + Definitions.Count + Results.Values.Sum(sent => sent.Values.Count(result => result.Acknowledged > 0)) + Logs.Values.Sum(lines => lines.Count) + Terminations.Values.Count(done => done);

    /// <summary>Writes a result down before it is sent, sends it, and writes down what came back.</summary>
    public async Task<Reply> SendAsync(string key, string token, bool isFinal, Func<Task<Reply>> send, Func<Reply, bool>? isTaken = null)
    {
        var results = Results.GetOrAdd(key, _ => new ConcurrentDictionary<string, SentResult>());
        var result = results[token] = new SentResult(token, isFinal, Now, 0);
        var reply = await send();
        if (reply.IsAcknowledged && isTaken?.Invoke(reply) != false)
        {
            results[token] = result with { Acknowledged = Now };
        }
        return reply;
    }

    private static long Now => Stopwatch.GetTimestamp();

    /// <summary>
    /// Tokens that a task may end with: of final results that were sent before the first one was acknowledged; null when any that was
    /// sent may hold, or none.
    /// </summary>
    public IReadOnlyCollection<string>? AllowedTokens(string taskId)
    {
        if (!Results.TryGetValue(taskId, out var sent))
        {
            return null;
        }
        var finals = sent.Values.Where(result => result.IsFinal).ToList();
        var first = finals.Where(result => result.Acknowledged > 0).Select(result => result.Acknowledged).DefaultIfEmpty(0).Min();
        return first == 0 ? null : [.. finals.Where(result => result.Sent <= first).Select(result => result.Token)];
    }
}
