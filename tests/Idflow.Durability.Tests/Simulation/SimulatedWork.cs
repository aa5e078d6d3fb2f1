using Idflow.Engine.Execution;

namespace Idflow.Durability.Tests.Simulation;

/// <summary>The engine's own work as steps on one thread; which one comes next is the seed's choice.</summary>
internal sealed class SimulatedWork(Random random, Action<string> trace) : BackgroundWork
{
    private readonly List<Action> _steps = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public override TaskCreationOptions Continuations => TaskCreationOptions.None;

    public int Count => _steps.Count;

    public override void Run(Action work)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            Environment.FailFast("The engine's work escaped to another thread: a run of it cannot be repeated");
        }
        _steps.Add(work);
    }

    public override void Complete(TaskCompletionSource done, Exception? error = null) => Run(() =>
    {
        if (error is null)
        {
            done.SetResult();
        }
        else
        {
            done.SetException(error);
        }
    });

    public override Task<T> Share<T>(Task<T> task)
    {
        var own = new TaskCompletionSource<T>();
        task.ContinueWith(shared => Run(() => own.SetFromTask(shared)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return own.Task;
    }

    public override Task Share(Task task)
    {
        var own = new TaskCompletionSource();
        task.ContinueWith(shared => Run(() => own.SetFromTask(shared)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return own.Task;
    }

    public override void WaitFor(Task task)
    {
        while (!task.IsCompleted)
        {
            Step();
        }
    }

    public void Step()
    {
        if (_steps.Count == 0)
        {
            throw new InvalidOperationException("The engine waits for something that nothing will bring about");
        }
        var index = random.Next(_steps.Count);
        var step = _steps[index];
        trace($"{index + 1} of {_steps.Count}: {step.Method.Name}");
        _steps.RemoveAt(index);
        step();
    }

    /// <summary>The process is dead.</summary>
    public void Clear() => _steps.Clear();
}
