using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>HTTP: one call of a web address, made by the engine once this task is on disk.</summary>
internal sealed class HttpOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Async;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        var task = mapping.NewWorkerTask(entry, TaskTypes.Http) with { StartDelaySeconds = 0, ResponseTimeoutSeconds = 0 };
        task.Input["asyncComplete"] = entry.AsyncComplete;
        return [task];
    }
}
