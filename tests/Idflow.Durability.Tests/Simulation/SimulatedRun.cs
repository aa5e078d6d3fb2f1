using Idflow.Engine.Tests.Support;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine;
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
    private const int MostToEnd = 1_500;

    private readonly Random _random;
    private readonly SimulatedTime _time = new();
    private readonly SimulatedWeb _web = new();
    private readonly SimulatedDisk _disk;
    private readonly SimulatedProcess _process;
    private readonly SimulatedClients _clients;
    private readonly SimulatedOperators _operators;
    private readonly SimulatedMessages _messages;
    private readonly SimulationWatch _watch;
    private readonly SimulationChecks _checks;
    private readonly Action<string>? _tell;
    private readonly List<string> _faults = [];

    /// <param name="archive">Where removed workflows go; null for nowhere.</param>
    /// <param name="tell">Gets each thing that happens, in order.</param>
    public SimulatedRun(int seed, IEngineStore content, string? archive = null, Action<string>? tell = null)
    {
        _tell = tell;
        _random = new Random(seed);
        var retention = new EngineRetention
        {
            Workflows = _random.Next(2) == 0 ? TimeSpan.FromSeconds(30 + _random.Next(120)) : null,
            ArchiveDirectory = archive,
            ScheduleExecutions = 3,
            Interval = TimeSpan.FromSeconds(20),
            Batch = 1 + _random.Next(5),
        };
        _watch = new SimulationWatch(_time, retention.Workflows);
        _disk = new SimulatedDisk(content, _watch, _random, Trace);
        _process = new SimulatedProcess(seed, _random, _disk, _time, _web, retention, Trace);
        _clients = new SimulatedClients(_process, _disk, _watch, _random, Trace);
        _operators = new SimulatedOperators(_process, _disk, _clients, _watch, _random, Trace);
        _messages = new SimulatedMessages(_process, _clients, _watch);
        _checks = new SimulationChecks(_process, content, _clients, _operators, _messages, _watch);
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
        _disk.ReadsFailOneIn = 30 + _random.Next(200);
        for (var step = 0; step < Steps && _faults.Count == 0; step++)
        {
            Step();
            Gather();
        }
        if (_faults.Count == 0)
        {
            (_disk.FailsOneIn, _disk.ReadsFailOneIn) = (0, 0);
            Finish();
            _faults.AddRange(_checks.AtTheEnd());
        }
        return _faults;
    }

    public void Dispose() => _web.Dispose();

    private void Register()
    {
        _process.Call(() => _process.Engine.CreateTaskDefsAsync(SimulatedWorkflows.TaskDefs));
        _process.Call(() => _process.Engine.UpdateWorkflowDefsAsync(SimulatedWorkflows.All), _ => { });
        _process.Call(() => _process.Engine.AddEventHandlerAsync(SampleWorkflows.Handler));
        _process.Call(() => _process.Engine.AddEventHandlerAsync(SimulatedWorkflows.Answerer));
        foreach (var schedule in SimulatedWorkflows.Schedules)
        {
            _process.Call(() => _process.Engine.SaveScheduleAsync(schedule), _ => { });
        }
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
            case < 79:
                _clients.Act();
                _process.Hear();
                break;
            case < 84:
                _operators.Act();
                _process.Hear();
                break;
            case 84:
                _messages.Push();
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
                _faults.AddRange(_checks.Always());
                break;
            case 99 when _random.Next(2) == 0:
                _process.Restart();
                _faults.AddRange(_checks.Always());
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
        for (var round = 0; round < MostToEnd && _faults.Count == 0 && !IsQuiet(); round++)
        {
            foreach (var type in (string[])["work", "breaks"])
            {
                _process.Call(() => _process.Engine.PollTasksAsync(type, "calm", count: 20, timeout: TimeSpan.Zero), tasks => _clients.Take(tasks).ToList().ForEach(Complete));
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
            if (round % 20 == 19)
            {
                _faults.AddRange(_checks.Queues());
            }
            _time.Advance(TimeSpan.FromSeconds(round < 300 ? 1 : 20));
            while (_process.HasWork)
            {
                _process.Step();
            }
        }
        _faults.AddRange(_checks.Queues());
        Gather();
    }

    private void Gather()
    {
        foreach (var found in (List<string>[])[_process.Faults, _clients.Faults, _watch.Faults])
        {
            _faults.AddRange(found);
            found.Clear();
        }
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
                _watch.Asked("resume", id);
                _process.Call(() => _process.Engine.ResumeWorkflowAsync(id));
            }
            if (row.Name == "inbox")
            {
                _messages.Push(id);
            }
            if (SimulatedWorkflows.Waits.TryGetValue(row.Name, out var reference) && (row.Name != "asking" || _watch.WasAsked("reopen", id)))
            {
                _process.Call(() => _process.Engine.UpdateTaskByReferenceAsync(id, reference, TaskResultStatus.COMPLETED, []), _ => { });
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
