using Idflow.Engine.Tests.Support;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Storage;

namespace Idflow.Durability.Tests.Simulation;

/// <summary>
/// The production engine under a seeded run of trouble, on one thread: writes that fail, tear or kill, deaths between any two steps,
/// clocks that jump, workers that die, results that come twice, late or for tasks that have ended, operators who interfere. Then the
/// trouble stops, and everything must end. The same seed gives the same run, step by step.
/// </summary>
internal sealed class SimulatedRun : IDisposable
{
    private const int Steps = 900;
    private const int MostToEnd = 20_000;

    private readonly Random _random;
    private readonly SimulatedTime _time = new();
    private readonly SimulatedWeb _web = new();
    private readonly SimulatedDisk _disk;
    private readonly SimulatedProcess _process;
    private readonly SimulatedClients _clients;
    private readonly Action<string>? _tell;
    private readonly List<string> _faults = [];

    /// <param name="tell">Gets each thing that happens, in order.</param>
    public SimulatedRun(int seed, IEngineStore content, Action<string>? tell = null)
    {
        _tell = tell;
        _random = new Random(seed);
        _disk = new SimulatedDisk(content, _random, Trace);
        _process = new SimulatedProcess(seed, _random, _disk, _time, _web, Trace);
        _clients = new SimulatedClients(_process, _disk, _random, Trace);
    }

    /// <summary>Stands for all that happened: two runs with the same number were the same.</summary>
    public ulong Fingerprint { get; private set; } = 14695981039346656037;

    /// <summary>Runs it to its end on this thread.</summary>
    /// <returns>What was wrong.</returns>
    public IReadOnlyList<string> Run()
    {
        _process.Start();
        Register();
        _disk.FailsOneIn = 8 + _random.Next(40);
        for (var step = 0; step < Steps && _faults.Count == 0; step++)
        {
            Step();
            _faults.AddRange(_process.Faults);
            _faults.AddRange(_clients.Faults);
        }
        if (_faults.Count == 0)
        {
            _disk.FailsOneIn = 0;
            Finish();
            _faults.AddRange(SimulationChecks.AtTheEnd(_disk.Content, _clients));
        }
        return _faults;
    }

    public void Dispose() => _web.Dispose();

    private void Register()
    {
        _process.Call(() => _process.Engine.CreateTaskDefsAsync(SimulatedWorkflows.TaskDefs));
        _process.Call(() => _process.Engine.UpdateWorkflowDefsAsync(SimulatedWorkflows.All), _ => { });
        _process.Call(() => _process.Engine.AddEventHandlerAsync(Idflow.Engine.Tests.Support.SampleWorkflows.Handler));
        _process.Call(() => _process.Engine.SaveScheduleAsync(SimulatedWorkflows.Schedule), _ => { });
        while (_process.HasWork)
        {
            _process.Step();
        }
    }

    private void Step()
    {
        switch (_random.Next(100))
        {
            case < 55:
                _process.Step();
                break;
            case < 85:
                _clients.Act();
                _process.Hear();
                break;
            case < 92:
                _time.Advance(TimeSpan.FromMilliseconds(_random.Next(1, 4000)));
                _process.Hear();
                break;
            case < 95 when _web.Count > 0:
                _web.Answer(_random.Next(_web.Count), _random.Next(4) switch { 0 => 500, 1 => 0, _ => 200 });
                _process.Hear();
                break;
            case 97:
                _time.SetClock(TimeSpan.FromSeconds(_random.Next(-120, 600)));
                break;
            case 98:
                _process.Crash();
                _faults.AddRange(SimulationChecks.Always(_disk.Content, _clients));
                break;
            case 99 when _random.Next(2) == 0:
                _process.Restart();
                _faults.AddRange(SimulationChecks.Always(_disk.Content, _clients));
                break;
            default:
                _process.Step();
                break;
        }
    }

    /// <summary>No more trouble: workers work, operators resume and answer, time goes on.</summary>
    private void Finish()
    {
        Trace("calm");
        _process.Hear();
        for (var round = 0; round < MostToEnd && !IsQuiet(); round++)
        {
            foreach (var type in (string[])["work", "breaks"])
            {
                _process.Call(() => _process.Engine.PollTasksAsync(type, "calm", count: 20, timeout: TimeSpan.Zero), tasks => tasks.ToList().ForEach(Complete));
            }
            if (round % 20 == 0)
            {
                Settle();
            }
            while (_process.HasWork || _web.Count > 0)
            {
                _process.Step();
                if (_web.Count > 0)
                {
                    _web.Answer(0, 200);
                }
            }
            _process.Hear();
            _time.Advance(TimeSpan.FromSeconds(1));
            while (_process.HasWork)
            {
                _process.Step();
            }
        }
        _faults.AddRange(_process.Faults);
        _faults.AddRange(_clients.Faults);
    }

    private void Complete(TaskExecution task) => _process.Call(() => _process.Engine.UpdateTaskAsync(new TaskResult
    {
        TaskId = task.TaskId,
        WorkflowInstanceId = task.WorkflowInstanceId,
        Status = TaskResultStatus.COMPLETED,
        OutputData = new JsonObject { ["v"] = task.InputData["v"]?.DeepClone() },
    }), _ => { });

    private void Settle()
    {
        foreach (var id in _disk.Content.OpenWorkflowIds())
        {
            var row = _disk.Content.ReadWorkflow(id)!;
            if (row.Status == WorkflowStatus.PAUSED)
            {
                _process.Call(() => _process.Engine.ResumeWorkflowAsync(id));
            }
            if (row.Name == "waiting")
            {
                _process.Call(() => _process.Engine.UpdateTaskByReferenceAsync(id, "human", TaskResultStatus.COMPLETED, []), _ => { });
            }
        }
    }

    private bool IsQuiet() => _disk.Content.OpenWorkflowIds().Count == 0 && _disk.Content.ReadOutbox().Count == 0;

    private void Trace(string what)
    {
        _tell?.Invoke(what);
        foreach (var letter in what)
        {
            Fingerprint = (Fingerprint ^ letter) * 1099511628211;
        }
    }
}
