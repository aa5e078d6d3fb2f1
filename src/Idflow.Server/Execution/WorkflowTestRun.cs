using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.Server.Execution;

/// <summary>
/// Runs a workflow with made-up task results. Its worker tasks are queued under a random domain, so that no real worker takes
/// them; the run ends with the workflow, or at the first open task that has no result left.
/// </summary>
internal sealed class WorkflowTestRun(IConductor conductor, TimeProvider time)
{
    private const int MaxRounds = 20_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(60);

    /// <summary>Types that the engine brings to an end by itself.</summary>
    private static readonly HashSet<string> Automatic =
    [
        TaskTypes.Fork, TaskTypes.ForkJoin, TaskTypes.ForkJoinDynamic, TaskTypes.Join, TaskTypes.ExclusiveJoin, TaskTypes.DoWhile, TaskTypes.Switch,
        TaskTypes.Decision, TaskTypes.StartWorkflow, TaskTypes.Terminate, TaskTypes.SetVariable, TaskTypes.Inline, TaskTypes.Lambda,
        TaskTypes.JsonJqTransform, TaskTypes.Event, TaskTypes.Http, TaskTypes.Noop,
    ];

    public async Task<Workflow> RunAsync(WorkflowTestRequest request, CancellationToken cancellationToken)
    {
        var workflowId = await conductor.StartWorkflowAsync(
            new StartWorkflowRequest
            {
                Name = request.Name,
                Version = request.Version,
                Input = request.Input,
                CorrelationId = request.CorrelationId,
                Priority = request.Priority,
                WorkflowDef = request.WorkflowDef,
                CreatedBy = request.CreatedBy,
                TaskToDomain = new JsonObject { ["*"] = Guid.NewGuid().ToString() },
            },
            cancellationToken);
        var mocks = new Mocks(request);
        var started = time.GetTimestamp();
        for (var round = 0; round < MaxRounds && time.GetElapsedTime(started) < LongestRun; round++)
        {
            var workflow = await conductor.GetWorkflowAsync(workflowId, includeTasks: true, cancellationToken);
            if (workflow.IsTerminal)
            {
                return workflow;
            }

            switch (await FeedAsync(workflow, mocks, cancellationToken))
            {
                case Progress.OutOfMocks:
                    return workflow;
                case Progress.Waiting:
                    await Task.Delay(Pause, time, cancellationToken);
                    break;
            }
        }

        return await conductor.GetWorkflowAsync(workflowId, includeTasks: true, cancellationToken);
    }

    private enum Progress { Fed, Waiting, OutOfMocks }

    private async Task<Progress> FeedAsync(Workflow workflow, Mocks mocks, CancellationToken cancellationToken)
    {
        var progress = Progress.Waiting;
        foreach (var task in workflow.Tasks.Where(task => !task.IsTerminal))
        {
            if (mocks.Next(task) is { } mock)
            {
                await conductor.UpdateTaskAsync(
                    new TaskResult
                    {
                        WorkflowInstanceId = task.WorkflowInstanceId,
                        TaskId = task.TaskId,
                        Status = mock.Status ?? TaskResultStatus.COMPLETED,
                        OutputData = mock.Output?.DeepClone() as JsonObject ?? [],
                    },
                    cancellationToken);
                return Progress.Fed;
            }

            if (task.TaskType == TaskTypes.SubWorkflow && mocks.OfSubWorkflow(task) is { } inner)
            {
                var child = task.SubWorkflowId is { } childId ? await conductor.GetWorkflowAsync(childId, includeTasks: true, cancellationToken) : null;
                progress = child is null or { IsTerminal: true } ? progress : await FeedAsync(child, inner, cancellationToken);
            }
            else if (!Automatic.Contains(task.TaskType!))
            {
                progress = Progress.OutOfMocks;
            }

            if (progress != Progress.Waiting)
            {
                return progress;
            }
        }

        return progress;
    }

    /// <summary>The results that are left, of a workflow and of its sub-workflows.</summary>
    private sealed class Mocks(WorkflowTestRequest request)
    {
        private readonly Dictionary<string, Queue<MockedResult>> _left =
            (request.TaskRefToMockOutput ?? []).ToDictionary(entry => entry.Key, entry => new Queue<MockedResult>(entry.Value ?? []));

        private readonly Dictionary<string, Mocks> _inner =
            (request.SubWorkflowTestRequest ?? []).ToDictionary(entry => entry.Key, entry => new Mocks(entry.Value));

        public MockedResult? Next(TaskExecution task) => _left.GetValueOrDefault(Reference(task)) is { Count: > 0 } queue ? queue.Dequeue() : null;

        public Mocks? OfSubWorkflow(TaskExecution task) => _inner.GetValueOrDefault(Reference(task));

        /// <summary>The reference name as the definition has it, without the iteration a loop appends.</summary>
        private static string Reference(TaskExecution task) => task.WorkflowTask?.TaskReferenceName ?? task.ReferenceTaskName!;
    }
}
