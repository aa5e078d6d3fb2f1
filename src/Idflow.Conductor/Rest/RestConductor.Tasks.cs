using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Conductor.Rest;

/// <content>Polling and updating tasks.</content>
public sealed partial class RestConductor
{
    private static readonly TimeSpan DefaultPollTime = TimeSpan.FromMilliseconds(100);

    /// <summary>An older server lacks update-v2; asked once.</summary>
    private volatile bool _updateOnly;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskExecution>> PollTasksAsync(string taskType, string? workerId = null, string? domain = null, int count = 1, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var wait = timeout ?? DefaultPollTime;
        var call = RestCall.Poll($"tasks/poll/batch/{taskType}", wait)
            .With("workerid", workerId).With("domain", domain).With("count", count).With("timeout", (long)wait.TotalMilliseconds);
        return await WholeAsync(await _transport.SendForJsonAsync<IReadOnlyList<TaskExecution>>(call, cancellationToken) ?? [], cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string> UpdateTaskAsync(TaskResult result, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        return await _transport.SendForTextAsync(RestCall.Post($"tasks").WithJson(result), cancellationToken) ?? result.TaskId!;
    }

    /// <inheritdoc/>
    public async Task<TaskExecution?> UpdateTaskAndPollAsync(TaskResult result, CancellationToken cancellationToken = default)
    {
        if (!_updateOnly)
        {
            try
            {
                var next = await _transport.SendForJsonAsync<TaskExecution>(RestCall.Post($"tasks/update-v2").WithJson(result), cancellationToken);
                return next is null ? null : await WholeAsync(next, cancellationToken);
            }
            catch (ConductorException exception) when (RestErrors.IsNotServed(exception))
            {
                _updateOnly = true;
            }
        }

        await UpdateTaskAsync(result, cancellationToken);
        return null;
    }

    /// <inheritdoc/>
    public Task<string?> UpdateTaskByReferenceAsync(string workflowId, string taskReferenceName, TaskResultStatus status, JsonObject output, string? workerId = null, CancellationToken cancellationToken = default) =>
        _transport.SendForTextAsync(RestCall.Post($"tasks/{workflowId}/{taskReferenceName}/{status}").With("workerid", workerId).WithJson(output), cancellationToken);

    /// <inheritdoc/>
    public async Task<TaskExecution> GetTaskAsync(string taskId, CancellationToken cancellationToken = default) =>
        await WholeAsync(Required(await _transport.SendForJsonAsync<TaskExecution>(RestCall.Get($"tasks/{taskId}"), cancellationToken), "a task"), cancellationToken);

    /// <inheritdoc/>
    public Task AddTaskLogAsync(string taskId, string line, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Post($"tasks/{taskId}/log").WithText(line), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskExecLog>> GetTaskLogsAsync(string taskId, CancellationToken cancellationToken = default) =>
        await _transport.SendForJsonAsync<IReadOnlyList<TaskExecLog>>(RestCall.Get($"tasks/{taskId}/log"), cancellationToken) ?? [];

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, long>> GetAllQueueSizesAsync(CancellationToken cancellationToken = default) =>
        await _transport.SendForJsonAsync<IReadOnlyDictionary<string, long>>(RestCall.Get($"tasks/queue/all"), cancellationToken) ?? new Dictionary<string, long>();

    /// <inheritdoc/>
    public async Task<long> GetQueueSizeAsync(string taskType, string? domain = null, CancellationToken cancellationToken = default) =>
        await _transport.SendForJsonAsync<long>(RestCall.Get($"tasks/queue/size").With("taskType", taskType).With("domain", domain), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PollData>> GetPollDataAsync(string? taskType = null, CancellationToken cancellationToken = default)
    {
        var call = taskType is null ? RestCall.Get($"tasks/queue/polldata/all") : RestCall.Get($"tasks/queue/polldata").With("taskType", taskType);
        return await _transport.SendForJsonAsync<IReadOnlyList<PollData>>(call, cancellationToken) ?? [];
    }

    /// <inheritdoc/>
    public async Task<int> RequeuePendingTasksAsync(string taskType, CancellationToken cancellationToken = default) =>
        int.TryParse(await _transport.SendForTextAsync(RestCall.Post($"tasks/queue/requeue/{taskType}"), cancellationToken), out var count) ? count : 0;

    /// <inheritdoc/>
    public async Task<SearchResult<TaskSummary>> SearchTasksAsync(SearchRequest request, CancellationToken cancellationToken = default) =>
        await _transport.SendForJsonAsync<SearchResult<TaskSummary>>(Search($"tasks/search", request), cancellationToken) ?? new SearchResult<TaskSummary>();
}
