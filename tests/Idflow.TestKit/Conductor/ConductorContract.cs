using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.TestKit.Conductor;

/// <summary>What the suites for <see cref="IConductor"/> share: a conductor per test, definitions with names of their own, and waiting.</summary>
public abstract class ConductorContract : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private IAsyncDisposable? _host;

    protected IConductor Conductor { get; private set; } = null!;

    /// <summary>Part of every name a test registers, so that suites can share a server.</summary>
    protected string Mark { get; } = "t" + Guid.NewGuid().ToString("N")[..8];

    public async ValueTask InitializeAsync() => (Conductor, _host) = await CreateAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    /// <summary>A conductor, and what is to be disposed of after the test.</summary>
    protected abstract Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync();

    protected string Name(string name) => $"{Mark}_{name}";

    protected WorkflowTask Simple(string reference, JsonObject? input = null) => new()
    {
        Name = Name(reference),
        TaskReferenceName = reference,
        InputParameters = input ?? new JsonObject { ["v"] = "${workflow.input.v}" },
    };

    protected WorkflowDef Definition(params WorkflowTask[] tasks) => new() { Name = Name("wf"), OwnerEmail = "ops@example.com", Tasks = tasks };

    /// <summary>Registers a definition of SIMPLE tasks without retries.</summary>
    protected async Task<WorkflowDef> RegisterAsync(params string[] references)
    {
        await Conductor.CreateTaskDefsAsync(references.Select(reference => new TaskDef { Name = Name(reference), RetryCount = 0, OwnerEmail = "ops@example.com" }).ToList());
        var definition = Definition(references.Select(reference => Simple(reference)).ToArray());
        await Conductor.UpdateWorkflowDefsAsync([definition]);
        return definition;
    }

    protected Task<string> StartAsync(JsonObject? input = null, Func<StartWorkflowRequest, StartWorkflowRequest>? change = null)
    {
        var request = new StartWorkflowRequest { Name = Name("wf"), Input = input ?? [] };
        return Conductor.StartWorkflowAsync(change?.Invoke(request) ?? request);
    }

    /// <summary>Polls until a task of the reference comes.</summary>
    protected async Task<TaskExecution> PollAsync(string reference, string? domain = null)
    {
        TaskExecution? task = null;
        await UntilAsync($"a task {reference} to poll", async () =>
        {
            task = (await Conductor.PollTasksAsync(Name(reference), "worker-1", domain, 1, TimeSpan.FromMilliseconds(500))).SingleOrDefault();
            return task is not null;
        });
        return task!;
    }

    protected Task CompleteAsync(TaskExecution task, JsonObject? output = null) => Conductor.UpdateTaskAsync(ResultOf(task, TaskResultStatus.COMPLETED, output));

    protected static TaskResult ResultOf(TaskExecution task, TaskResultStatus status, JsonObject? output = null) =>
        new() { TaskId = task.TaskId, WorkflowInstanceId = task.WorkflowInstanceId, Status = status, OutputData = output ?? [] };

    /// <summary>Polls and completes.</summary>
    protected async Task WorkAsync(string reference, JsonObject? output = null) => await CompleteAsync(await PollAsync(reference), output);

    protected async Task<Workflow> AwaitAsync(string workflowId, WorkflowStatus status)
    {
        Workflow? workflow = null;
        await UntilAsync($"workflow {status}", async () => (workflow = await Conductor.GetWorkflowAsync(workflowId)).Status == status);
        return workflow!;
    }

    /// <summary>Waits for a condition; a wait that fails says what for.</summary>
    protected static async Task UntilAsync(string what, Func<Task<bool>> holdsAsync)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await holdsAsync())
        {
            Assert.False(limit.IsCancellationRequested, $"waited {Patience.TotalSeconds} s for {what}");
            await Task.Delay(10);
        }
    }

    /// <summary>The call is refused with that status.</summary>
    protected static async Task<ConductorException> RefusedAsync(int status, Func<Task> call)
    {
        var error = await Assert.ThrowsAnyAsync<ConductorException>(call);
        Assert.True(status == error.Status, $"status {error.Status} instead of {status}: {error.Message}");
        return error;
    }
}
