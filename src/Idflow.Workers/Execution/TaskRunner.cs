using System.Reflection;
using System.Runtime.ExceptionServices;
using Idflow.Conductor.Model;
using Idflow.Workers.Binding;
using Idflow.Workers.Discovery;

namespace Idflow.Workers.Execution;

/// <summary>Runs one task method: input to arguments, the call, its value or its exception to an outcome.</summary>
internal static class TaskRunner
{
    /// <summary>Never throws, but for a method that ended because its token was cancelled.</summary>
    /// <exception cref="OperationCanceledException">The context's token was cancelled and the method obeyed.</exception>
    public static async Task<TaskOutcome> RunAsync(RegisteredTask task, TaskContext context)
    {
        try
        {
            var arguments = task.Input.Bind(context.Input, context);
            if (task.Input.UnknownKeys(context.Input) is { Count: > 0 } unknown)
            {
                context.Log($"Unused input: {string.Join(", ", unknown)}.");
            }

            var value = await InvokeAsync(task, arguments);
            return value is TaskResult result
                ? new TaskOutcome(result.Status, result.OutputData, result.ReasonForIncompletion, result.CallbackAfterSeconds)
                : new TaskOutcome(TaskResultStatus.COMPLETED, OutputWriter.Write(value, TaskMethods.ReturnedType(task.Method)));
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (TaskFailedException e)
        {
            return e.Retryable ? TaskOutcome.Failed(e.Message, e.RetryAfter) : TaskOutcome.Terminal(e.Message);
        }
        catch (WorkerException e)
        {
            return TaskOutcome.Terminal(e.Message);
        }
#pragma warning disable CA1031 // Whatever a task throws is its failure, and never the worker's.
        catch (Exception e)
        {
            context.Log(e.ToString());
            return TaskOutcome.Failed($"{e.GetType().Name}: {e.Message}");
        }
#pragma warning restore CA1031
    }

    private static async Task<object?> InvokeAsync(RegisteredTask task, object?[] arguments)
    {
        object? returned;
        try
        {
            returned = task.Method.Invoke(task.Target(), arguments);
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }

        switch (returned)
        {
            case Task running:
                await running;
                return ValueOf(running, task.Method.ReturnType);
            case ValueTask running:
                await running;
                return null;
            case not null when task.Method.ReturnType.IsGenericType && task.Method.ReturnType.GetGenericTypeDefinition() == typeof(ValueTask<>):
                var asTask = (Task)task.Method.ReturnType.GetMethod(nameof(ValueTask<>.AsTask))!.Invoke(returned, null)!;
                await asTask;
                return ValueOf(asTask, typeof(Task<>));
            default:
                return returned;
        }
    }

    private static object? ValueOf(Task done, Type declared) =>
        declared.IsGenericType ? done.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(done) : null;
}
