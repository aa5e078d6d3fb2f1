using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Workers.Discovery;
using Idflow.Workers.Polling;
using Idflow.Workers.Sources;
using Microsoft.Extensions.Logging;

namespace Idflow.Workers.Children;

/// <summary>The inside of a child worker process: serves compiled tasks until its parent says stop or is gone.</summary>
/// <param name="input">Standard input; see <see cref="ChildWorkerSpec"/>.</param>
/// <param name="output">Standard output; carries events only.</param>
/// <param name="connect">Makes the client of the Conductor API at an address.</param>
/// <param name="logger">For standard error.</param>
public sealed class ChildWorker(TextReader input, TextWriter output, Func<string, ITaskClient> connect, ILogger logger)
{
    private readonly Lock _writing = new();
    private readonly TaskCompletionSource _stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <returns>0 after a stop; 2 when it cannot serve, with the reason as an event; 3 when a method did not obey its cancellation.</returns>
    public async Task<int> RunAsync()
    {
        ChildWorkerSpec spec;
        var registry = new WorkerRegistry();
        try
        {
            spec = ChildWorkerSpec.Parse(await input.ReadLineAsync());
            foreach (var assembly in spec.Assemblies)
            {
                registry.AddAssembly(new TaskLoadContext(assembly, collectible: false).LoadMain());
            }
        }
        catch (Exception e) when (e is WorkerException or IOException or BadImageFormatException or InvalidOperationException)
        {
            Write(new ChildEvent { Event = ChildEventKind.Refused, Message = e.Message });
            return 2;
        }

        await using var host = new WorkerHost(connect(spec.ServerUrl), registry, Options(spec));
        host.Start();
        Write(new ChildEvent { Event = ChildEventKind.Ready });
        using var ended = new CancellationTokenSource();
        var alive = SendAliveAsync(spec.AliveEveryMs, ended.Token);
        var order = ReadOrderAsync();
        await Task.WhenAny(order, _stuck.Task);
        using var hurry = new CancellationTokenSource();
        if (!order.IsCompleted || await order != "stop")
        {
            // The parent is gone, or a method runs away: nothing here can be waited for.
            await hurry.CancelAsync();
        }

        await host.StopAsync(hurry.Token);
        await ended.CancelAsync();
        await alive;
        return _stuck.Task.IsCompleted ? 3 : 0;
    }

    private WorkerHostOptions Options(ChildWorkerSpec spec) => new()
    {
        WorkerId = spec.WorkerId,
        LongPoll = TimeSpan.FromMilliseconds(spec.LongPollMs),
        DrainTimeout = TimeSpan.FromMilliseconds(spec.DrainTimeoutMs),
        PollInterval = spec.PollIntervalMs is { } interval ? TimeSpan.FromMilliseconds(interval) : null,
        Tasks = spec.Tasks,
        Observer = new Reporter(this),
        Logger = logger,
    };

    /// <summary>On a thread of its own: a pipe read cannot be cancelled.</summary>
    private Task<string?> ReadOrderAsync() => Task.Factory.StartNew(input.ReadLine, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private async Task SendAliveAsync(int everyMs, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            Write(new ChildEvent { Event = ChildEventKind.Alive });
            await Task.Delay(TimeSpan.FromMilliseconds(everyMs), TimeProvider.System, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Write(ChildEvent childEvent)
    {
        lock (_writing)
        {
            try
            {
                output.WriteLine(childEvent.ToLine());
                output.Flush();
            }
            catch (IOException)
            {
                // The parent is gone; the end of the input says so too.
            }
        }
    }

    private sealed class Reporter(ChildWorker worker) : IWorkerObserver
    {
        public void TaskStarted(TaskExecution task) => worker.Write(Event(ChildEventKind.Started, task));

        public void TaskEnded(TaskExecution task, TaskResult? result) => worker.Write(Event(ChildEventKind.Ended, task) with { Status = result?.Status.ToString() });

        public void TaskAbandoned(TaskExecution task)
        {
            worker.Write(Event(ChildEventKind.Stuck, task));
            worker._stuck.TrySetResult();
        }

        public void ServerState(Exception? problem)
        {
        }

        private static ChildEvent Event(ChildEventKind kind, TaskExecution task) => new()
        {
            Event = kind,
            TaskId = task.TaskId,
            TaskType = task.TaskType,
            WorkflowId = task.WorkflowInstanceId,
            Reference = task.ReferenceTaskName,
        };
    }
}
