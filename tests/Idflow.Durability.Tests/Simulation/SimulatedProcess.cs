using Idflow.Conductor;
using Idflow.Engine;
using Idflow.Engine.Storage;
using Idflow.Engine.Tests.Support;

namespace Idflow.Durability.Tests.Simulation;

/// <summary>The process that hosts the engine: it is started, stops in order, or dies between any two steps.</summary>
internal sealed class SimulatedProcess(int seed, Random random, SimulatedDisk disk, SimulatedTime time, SimulatedWeb web, EngineRetention retention, Action<string> trace)
{
    /// <summary>Worker ids that begin so are of the process itself.</summary>
    public const string OwnWorkers = "sim";

    private readonly List<(Task Task, Action Acknowledged)> _calls = [];
    private readonly SimulatedWork _work = new(random, trace);

    public EmbeddedEngine Engine { get; private set; } = null!;

    /// <summary>How often it was started.</summary>
    public int Lives { get; private set; }

    public bool HasWork => _work.Count > 0;

    /// <summary>Answers that nobody should get.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Starts it; one that dies while it starts is started again.</summary>
    public void Start()
    {
        while (true)
        {
            Lives++;
            trace($"life {Lives}");
            var opening = EmbeddedEngine.OpenAsync(
                new EngineOptions
                {
                    TimeProvider = time,
                    Ids = new SequentialIds(seed + Lives) { First = Lives * 1_000_000 },
                    OwnWorkerIdPrefix = OwnWorkers,
                    Retention = retention,
                    HttpClient = new HttpMessageInvoker(web, disposeHandler: false),
                    Background = _work,
                    Limits = new EngineLimits { CommitsPerTransaction = 1 + random.Next(8), PassesPerDecision = 1 + random.Next(20) },
                },
                disk.Open());
            if (RunUntilEnded(opening) && opening.Exception?.InnerException is not EngineStoreException { IsPassing: true })
            {
                Engine = opening.GetAwaiter().GetResult();
                return;
            }
            Bury();
        }
    }

    /// <summary>A call of a client; <paramref name="acknowledged"/> when and if it hears that it is done.</summary>
    /// <returns>False when it was refused at once.</returns>
    public bool Call<T>(Func<Task<T>> call, Action<T> acknowledged)
    {
        try
        {
            var task = call();
            _calls.Add((task, () => acknowledged(task.GetAwaiter().GetResult())));
            return !task.IsFaulted;
        }
        catch (Exception refused)
        {
            Note(refused);
            return false;
        }
    }

    public bool Call(Func<Task> call, Action? acknowledged = null) => Call(async () =>
    {
        await call().ConfigureAwait(false);
        return true;
    }, _ => acknowledged?.Invoke());

    /// <summary>One step of the engine's own work, and then what clients hear.</summary>
    public void Step()
    {
        if (_work.Count > 0)
        {
            _work.Step();
        }
        Hear();
    }

    /// <summary>Clients hear of what is done; nobody hears a dead process.</summary>
    public void Hear()
    {
        if (disk.HasCrashed)
        {
            Crash();
            return;
        }
        foreach (var call in _calls.Where(call => call.Task.IsCompleted).ToList())
        {
            _calls.Remove(call);
            if (call.Task.IsCompletedSuccessfully)
            {
                call.Acknowledged();
            }
            else
            {
                Note(call.Task.Exception!.InnerException!);
            }
        }
    }

    public void Crash()
    {
        trace("crash");
        Bury();
        Start();
    }

    /// <summary>Stops in order: what was acknowledged, and only that, is heard.</summary>
    public void Restart()
    {
        trace("restart");
        if (RunUntilEnded(Engine.DisposeAsync().AsTask()))
        {
            Hear();
        }
        Bury();
        Start();
    }

    private void Bury()
    {
        _work.Clear();
        _calls.Clear();
        time.DropTimers();
        web.Drop();
    }

    /// <returns>False when the process died before.</returns>
    private bool RunUntilEnded(Task task)
    {
        while (!task.IsCompleted && !disk.HasCrashed)
        {
            if (_work.Count > 0)
            {
                _work.Step();
            }
            else if (web.Count > 0)
            {
                web.Answer(0, 0);
            }
            else
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
            }
        }
        return !disk.HasCrashed;
    }

    private void Note(Exception error)
    {
        if (error is not (ConductorException or OperationCanceledException or ObjectDisposedException or SimulatedCrashException or EngineStoreException { IsPassing: true }))
        {
            Faults.Add($"a client got {error}");
        }
    }
}
