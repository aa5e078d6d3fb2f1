using Idflow.Conductor.Model;

namespace Idflow.Conductor.Rest;

/// <summary>
/// A Conductor server over its REST API: Conductor OSS, or <c>idflow up</c>. A server that does not answer is a
/// <see cref="ConductorUnavailableException"/>, anything it refuses a <see cref="ConductorException"/> with its status and message.
/// </summary>
public sealed partial class RestConductor : IConductor, IDisposable
{
    private readonly RestTransport _transport;

    /// <param name="options">Which server.</param>
    /// <param name="handler">Sends the requests; null = sockets.</param>
    /// <exception cref="ArgumentException">The server's address cannot be used.</exception>
    public RestConductor(RestConductorOptions options, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _transport = new RestTransport(options, handler);
    }

    /// <inheritdoc/>
    public async Task<string> StartWorkflowAsync(StartWorkflowRequest request, CancellationToken cancellationToken = default) =>
        Required(await _transport.SendForTextAsync(RestCall.Post($"workflow").WithJson(request), cancellationToken), "a workflow id");

    /// <inheritdoc/>
    public async Task<Workflow> GetWorkflowAsync(string workflowId, bool includeTasks = true, CancellationToken cancellationToken = default) =>
        await WholeAsync(Required(await _transport.SendForJsonAsync<Workflow>(RestCall.Get($"workflow/{workflowId}").With("includeTasks", includeTasks), cancellationToken), "a workflow"), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Workflow>> GetWorkflowsByCorrelationIdAsync(string name, string correlationId, bool includeClosed = false, bool includeTasks = false, CancellationToken cancellationToken = default) =>
        await WholeAsync(
            await _transport.SendForJsonAsync<IReadOnlyList<Workflow>>(
                RestCall.Get($"workflow/{name}/correlated/{correlationId}").With("includeClosed", includeClosed).With("includeTasks", includeTasks), cancellationToken) ?? [],
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> GetRunningWorkflowIdsAsync(string name, int? version = null, CancellationToken cancellationToken = default) =>
        await _transport.SendForJsonAsync<IReadOnlyList<string>>(RestCall.Get($"workflow/running/{name}").With("version", version), cancellationToken) ?? [];

    /// <inheritdoc/>
    public async Task<SearchResult<WorkflowSummary>> SearchWorkflowsAsync(SearchRequest request, CancellationToken cancellationToken = default) =>
        await _transport.SendForJsonAsync<SearchResult<WorkflowSummary>>(Search($"workflow/search", request), cancellationToken) ?? new SearchResult<WorkflowSummary>();

    /// <inheritdoc/>
    public Task PauseWorkflowAsync(string workflowId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Put($"workflow/{workflowId}/pause"), cancellationToken);

    /// <inheritdoc/>
    public Task ResumeWorkflowAsync(string workflowId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Put($"workflow/{workflowId}/resume"), cancellationToken);

    /// <inheritdoc/>
    public Task TerminateWorkflowAsync(string workflowId, string? reason = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Delete($"workflow/{workflowId}").With("reason", reason), cancellationToken);

    /// <inheritdoc/>
    public Task RetryWorkflowAsync(string workflowId, bool resumeSubworkflowTasks = false, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Post($"workflow/{workflowId}/retry").With("resumeSubworkflowTasks", resumeSubworkflowTasks), cancellationToken);

    /// <inheritdoc/>
    public Task RestartWorkflowAsync(string workflowId, bool useLatestDefinitions = false, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Post($"workflow/{workflowId}/restart").With("useLatestDefinitions", useLatestDefinitions), cancellationToken);

    /// <inheritdoc/>
    public async Task<string> RerunWorkflowAsync(string workflowId, RerunWorkflowRequest request, CancellationToken cancellationToken = default) =>
        Required(await _transport.SendForTextAsync(RestCall.Post($"workflow/{workflowId}/rerun").WithJson(request), cancellationToken), "a workflow id");

    /// <inheritdoc/>
    public Task SkipTaskAsync(string workflowId, string taskReferenceName, SkipTaskRequest request, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Put($"workflow/{workflowId}/skiptask/{taskReferenceName}").WithJson(request), cancellationToken);

    /// <inheritdoc/>
    public Task ResetCallbacksAsync(string workflowId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Post($"workflow/{workflowId}/resetcallbacks"), cancellationToken);

    /// <inheritdoc/>
    public Task RemoveWorkflowAsync(string workflowId, bool archiveWorkflow = true, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Delete($"workflow/{workflowId}/remove").With("archiveWorkflow", archiveWorkflow), cancellationToken);

    /// <inheritdoc/>
    public async Task<string> PushMessageAsync(string workflowId, System.Text.Json.Nodes.JsonObject payload, CancellationToken cancellationToken = default) =>
        Required(await _transport.SendForTextAsync(RestCall.Post($"workflow/{workflowId}/messages").WithJson(payload), cancellationToken), "a message id");

    /// <inheritdoc/>
    public Task DecideAsync(string workflowId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Put($"workflow/decide/{workflowId}"), cancellationToken);

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _transport.Dispose();

    private static RestCall Search(FormattableString path, SearchRequest request) => RestCall.Get(path)
        .With("start", request.Start).With("size", request.Size).With("sort", request.Sort).With("freeText", request.FreeText).With("query", request.Query);

    private static T Required<T>(T? answer, string what)
        where T : class => answer ?? throw new ConductorException(500, $"The server answered nothing instead of {what}.");
}
