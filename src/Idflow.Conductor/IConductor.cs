using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Conductor;

/// <summary>
/// A Conductor: the embedded engine in process, or a server over REST. Both pass the same contract tests.
/// Every call throws <see cref="ConductorException"/> for what the server refuses; a change is on disk when its task completes.
/// </summary>
public interface IConductor : IWorkflowClient, ITaskClient, IMetadataClient, IEventClient
{
}

/// <summary>Starting, reading and operating workflow executions.</summary>
public interface IWorkflowClient
{
    /// <summary>Starts a workflow and answers its id.</summary>
    Task<string> StartWorkflowAsync(StartWorkflowRequest request, CancellationToken cancellationToken = default);

    /// <exception cref="ConductorException">404 for an unknown id.</exception>
    Task<Workflow> GetWorkflowAsync(string workflowId, bool includeTasks = true, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<Workflow>> GetWorkflowsByCorrelationIdAsync(string name, string correlationId, bool includeClosed = false, bool includeTasks = false, CancellationToken cancellationToken = default);

    /// <summary>Ids of the running executions of a definition.</summary>
    Task<IReadOnlyList<string>> GetRunningWorkflowIdsAsync(string name, int? version = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Conditions <c>field = value</c>, <c>&gt;</c>, <c>&lt;</c>, <c>IN (a,b)</c> joined by <c> AND </c> over workflowId, correlationId,
    /// workflowType, status, startTime, endTime, updateTime, parentWorkflowId; times are epoch milliseconds.
    /// </summary>
    Task<SearchResult<WorkflowSummary>> SearchWorkflowsAsync(SearchRequest request, CancellationToken cancellationToken = default);

    Task PauseWorkflowAsync(string workflowId, CancellationToken cancellationToken = default);

    Task ResumeWorkflowAsync(string workflowId, CancellationToken cancellationToken = default);

    Task TerminateWorkflowAsync(string workflowId, string? reason = null, CancellationToken cancellationToken = default);

    Task RetryWorkflowAsync(string workflowId, bool resumeSubworkflowTasks = false, CancellationToken cancellationToken = default);

    Task RestartWorkflowAsync(string workflowId, bool useLatestDefinitions = false, CancellationToken cancellationToken = default);

    Task<string> RerunWorkflowAsync(string workflowId, RerunWorkflowRequest request, CancellationToken cancellationToken = default);

    Task SkipTaskAsync(string workflowId, string taskReferenceName, SkipTaskRequest request, CancellationToken cancellationToken = default);

    Task ResetCallbacksAsync(string workflowId, CancellationToken cancellationToken = default);

    Task RemoveWorkflowAsync(string workflowId, bool archiveWorkflow = true, CancellationToken cancellationToken = default);

    Task DecideAsync(string workflowId, CancellationToken cancellationToken = default);

    /// <summary>Puts a message into the queue of a running workflow, where its PULL_WORKFLOW_MESSAGES tasks take it; answers the message's id.</summary>
    /// <exception cref="ConductorException">404 for an unknown id, 409 for a workflow that does not run, 429 for a full queue.</exception>
    Task<string> PushMessageAsync(string workflowId, JsonObject payload, CancellationToken cancellationToken = default);
}

/// <summary>Polling and updating tasks.</summary>
public interface ITaskClient
{
    /// <summary>
    /// Up to <paramref name="count"/> tasks, IN_PROGRESS from now on; an empty list when none came within <paramref name="timeout"/>
    /// (at most 5 s; default 100 ms). Returns as soon as one task is there.
    /// </summary>
    Task<IReadOnlyList<TaskExecution>> PollTasksAsync(string taskType, string? workerId = null, string? domain = null, int count = 1, TimeSpan? timeout = null, CancellationToken cancellationToken = default);

    /// <summary>Stores a result and lets the workflow go on. A result for a finished task is dropped without an error.</summary>
    /// <returns>The task's id.</returns>
    Task<string> UpdateTaskAsync(TaskResult result, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="UpdateTaskAsync"/>; answers the next task of the same type and domain after a final result, if one is queued.</summary>
    Task<TaskExecution?> UpdateTaskAndPollAsync(TaskResult result, CancellationToken cancellationToken = default);

    /// <summary>Updates the open task with that reference name; the output is merged. Null when there is none.</summary>
    Task<string?> UpdateTaskByReferenceAsync(string workflowId, string taskReferenceName, TaskResultStatus status, JsonObject output, string? workerId = null, CancellationToken cancellationToken = default);

    Task<TaskExecution> GetTaskAsync(string taskId, CancellationToken cancellationToken = default);

    Task AddTaskLogAsync(string taskId, string line, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<TaskExecLog>> GetTaskLogsAsync(string taskId, CancellationToken cancellationToken = default);

    Task<IReadOnlyDictionary<string, long>> GetAllQueueSizesAsync(CancellationToken cancellationToken = default);

    Task<long> GetQueueSizeAsync(string taskType, string? domain = null, CancellationToken cancellationToken = default);

    /// <summary>When workers last polled; null for all types.</summary>
    Task<IReadOnlyList<PollData>> GetPollDataAsync(string? taskType = null, CancellationToken cancellationToken = default);

    Task<int> RequeuePendingTasksAsync(string taskType, CancellationToken cancellationToken = default);

    /// <summary>Fields: taskId, taskType, taskDefName, workflowType, status, startTime, endTime, updateTime.</summary>
    Task<SearchResult<TaskSummary>> SearchTasksAsync(SearchRequest request, CancellationToken cancellationToken = default);
}

/// <summary>Workflow and task definitions.</summary>
public interface IMetadataClient
{
    /// <summary>All versions, by name and version.</summary>
    Task<IReadOnlyList<WorkflowDef>> GetWorkflowDefsAsync(CancellationToken cancellationToken = default);

    /// <summary>The highest version when none is given.</summary>
    Task<WorkflowDef> GetWorkflowDefAsync(string name, int? version = null, CancellationToken cancellationToken = default);

    /// <exception cref="ConductorException">409 when name and version exist and <paramref name="overwrite"/> is false.</exception>
    Task CreateWorkflowDefAsync(WorkflowDef definition, bool overwrite = false, CancellationToken cancellationToken = default);

    /// <summary>Creates or replaces; nothing is stored when one of them is invalid.</summary>
    Task<BulkResponse> UpdateWorkflowDefsAsync(IReadOnlyList<WorkflowDef> definitions, CancellationToken cancellationToken = default);

    /// <summary>Checks a definition as a write would, without storing it.</summary>
    Task ValidateWorkflowDefAsync(WorkflowDef definition, CancellationToken cancellationToken = default);

    Task DeleteWorkflowDefAsync(string name, int version, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<TaskDef>> GetTaskDefsAsync(CancellationToken cancellationToken = default);

    Task<TaskDef> GetTaskDefAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Creates or replaces each of them.</summary>
    Task CreateTaskDefsAsync(IReadOnlyList<TaskDef> definitions, CancellationToken cancellationToken = default);

    /// <exception cref="ConductorException">404 for an unknown name.</exception>
    Task UpdateTaskDefAsync(TaskDef definition, CancellationToken cancellationToken = default);

    Task DeleteTaskDefAsync(string name, CancellationToken cancellationToken = default);
}

/// <summary>Event handlers.</summary>
public interface IEventClient
{
    Task<IReadOnlyList<EventHandlerDef>> GetEventHandlersAsync(CancellationToken cancellationToken = default);

    Task<IReadOnlyList<EventHandlerDef>> GetEventHandlersForEventAsync(string @event, bool activeOnly = true, CancellationToken cancellationToken = default);

    /// <exception cref="ConductorException">409 for a name that is taken.</exception>
    Task AddEventHandlerAsync(EventHandlerDef handler, CancellationToken cancellationToken = default);

    /// <exception cref="ConductorException">404 for an unknown name.</exception>
    Task UpdateEventHandlerAsync(EventHandlerDef handler, CancellationToken cancellationToken = default);

    Task RemoveEventHandlerAsync(string name, CancellationToken cancellationToken = default);
}
