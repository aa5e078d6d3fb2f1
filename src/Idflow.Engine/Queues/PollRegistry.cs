using System.Collections.Concurrent;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;

namespace Idflow.Engine.Queues;

/// <summary>Who polled for what, and when. In memory only: after a restart the workers come again.</summary>
internal sealed class PollRegistry : IDomainActivity
{
    private const string NoDomain = "DEFAULT";
    private static readonly TimeSpan ActiveFor = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<(string TaskType, string Domain), PollData> _polls = new();

    public void Note(string taskType, string? domain, string? workerId, long now) =>
        _polls[(taskType, domain ?? NoDomain)] = new PollData { QueueName = taskType, Domain = domain, WorkerId = workerId, LastPollTime = now };

    public IReadOnlyList<PollData> Of(string? taskType) => [.. _polls.Values.Where(poll => taskType is null || poll.QueueName == taskType).OrderBy(poll => poll.QueueName, StringComparer.Ordinal).ThenBy(poll => poll.Domain is null).ThenBy(poll => poll.Domain, StringComparer.Ordinal)];

    public bool IsActive(string taskType, string domain, long now) =>
        _polls.TryGetValue((taskType, domain), out var poll) && poll.LastPollTime >= now - (long)ActiveFor.TotalMilliseconds;
}
