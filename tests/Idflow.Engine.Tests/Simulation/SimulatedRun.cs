using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Storage.Memory;
using Idflow.Engine.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Engine.Tests.Simulation;

/// <summary>
/// One engine under a seeded run of trouble: writes that fail, restarts at any step, workers that die, results that come twice, late or
/// for tasks that have ended, operators who pause, terminate and retry. Then the trouble stops, and everything must finish.
/// </summary>
internal sealed class SimulatedRun(int seed, InMemoryStore disk)
{
    private const int Steps = 120;
    private readonly Random _random = new(seed);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<TaskExecution> _held = [];
    private readonly List<TaskResult> _sent = [];
    private volatile bool _calm;
    private EmbeddedEngine _engine = null!;

    public InMemoryStore Disk => disk;

    /// <summary>Ids of acknowledged starts.</summary>
    public List<string> Started { get; } = [];

    /// <summary>The first acknowledged final result of each task.</summary>
    public Dictionary<string, string> Acknowledged { get; } = [];

    public async Task RunAsync()
    {
        await UntilAcceptedAsync(OpenAsync);
        await UntilAcceptedAsync(() => SampleWorkflows.RegisterAsync(_engine));
        for (var step = 0; step < Steps; step++)
        {
            await StepAsync();
        }
        _calm = true;
        await FinishAsync();
        await _engine.DisposeAsync();
    }

    private async Task OpenAsync() => _engine = await EmbeddedEngine.OpenAsync(
        new EngineOptions { TimeProvider = _time, Ids = new SequentialIds(_random.Next()) { First = _random.Next(1_000_000) * 1000 }, OwnWorkerIdPrefix = "sim" },
        new FaultyStore(disk) { FailsAt = _ => !_calm && FailsNow() });

    private bool FailsNow()
    {
        lock (_random)
        {
            return _random.Next(12) == 0;
        }
    }

    private int Next(int bound)
    {
        lock (_random)
        {
            return _random.Next(bound);
        }
    }

    private async Task StepAsync()
    {
        try
        {
            await (Next(14) switch
            {
                0 or 1 => StartAsync(),
                2 or 3 or 4 => PollAsync(),
                5 or 6 or 7 or 8 => ReportAsync(),
                9 => ReportAgainAsync(),
                10 => RestartAsync(),
                11 => OperateAsync(),
                12 => LoseWorkerAsync(),
                _ => AdvanceAsync(),
            });
        }
        catch (ConductorException)
        {
            // Refused, by the state of things or by the disk; what matters is what was acknowledged.
        }
    }

    private async Task StartAsync() => Started.Add(await _engine.StartWorkflowAsync(new StartWorkflowRequest
    {
        Name = Next(4) == 0 ? "failing" : "main",
        Input = new JsonObject { ["v"] = Next(1000) },
    }));

    private async Task PollAsync() => _held.AddRange(await _engine.PollTasksAsync(Next(4) == 0 ? "breaks" : "work", "sim-1", count: 3, timeout: TimeSpan.Zero));

    private async Task ReportAsync()
    {
        if (_held.Count == 0)
        {
            return;
        }
        var task = _held[Next(_held.Count)];
        var result = new TaskResult
        {
            TaskId = task.TaskId,
            WorkflowInstanceId = task.WorkflowInstanceId,
            WorkerId = "sim-1",
            Status = Next(6) switch { 0 => TaskResultStatus.FAILED, 1 => TaskResultStatus.IN_PROGRESS, _ => TaskResultStatus.COMPLETED },
            OutputData = new JsonObject { ["v"] = task.InputData["v"]?.DeepClone(), ["n"] = Next(1_000_000) },
        };
        _sent.Add(result);
        _held.Remove(task);
        await SendAsync(result);
    }

    /// <summary>A result that was sent before, perhaps with success.</summary>
    private Task ReportAgainAsync() => _sent.Count == 0 ? Task.CompletedTask : SendAsync(_sent[Next(_sent.Count)]);

    private async Task SendAsync(TaskResult result)
    {
        await _engine.UpdateTaskAsync(result);
        if (result.Status != TaskResultStatus.IN_PROGRESS && (await _engine.GetTaskAsync(result.TaskId!)).Status is TaskExecutionStatus.COMPLETED or TaskExecutionStatus.FAILED)
        {
            Acknowledged.TryAdd(result.TaskId!, (await _engine.GetTaskAsync(result.TaskId!)).OutputData.ToJsonString());
        }
    }

    private async Task RestartAsync()
    {
        await _engine.DisposeAsync();
        _held.RemoveAll(_ => Next(2) == 0);
        await UntilAcceptedAsync(OpenAsync);
    }

    private async Task OperateAsync()
    {
        if (Started.Count == 0)
        {
            return;
        }
        var id = Started[Next(Started.Count)];
        await (Next(5) switch
        {
            0 => _engine.PauseWorkflowAsync(id),
            1 or 2 => _engine.ResumeWorkflowAsync(id),
            3 => _engine.RetryWorkflowAsync(id),
            _ => _engine.TerminateWorkflowAsync(id, "simulated"),
        });
    }

    private async Task LoseWorkerAsync()
    {
        _held.Clear();
        await _engine.ReleaseTasksOfWorkerAsync("sim");
    }

    private Task AdvanceAsync()
    {
        _time.Advance(TimeSpan.FromMilliseconds(Next(5000)));
        return Task.CompletedTask;
    }

    private async Task FinishAsync()
    {
        foreach (var id in Started)
        {
            await Quietly(() => _engine.ResumeWorkflowAsync(id));
        }
        await _engine.ReleaseTasksOfWorkerAsync("sim");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!Worker.IsQuiet(disk))
        {
            var tasks = (await _engine.PollTasksAsync("work", "sim-2", count: 10, timeout: TimeSpan.Zero)).Concat(await _engine.PollTasksAsync("breaks", "sim-2", count: 10, timeout: TimeSpan.Zero)).ToList();
            foreach (var task in tasks)
            {
                await _engine.UpdateTaskAsync(new TaskResult { TaskId = task.TaskId, WorkflowInstanceId = task.WorkflowInstanceId, Status = TaskResultStatus.COMPLETED, OutputData = new JsonObject { ["v"] = task.InputData["v"]?.DeepClone() } });
            }
            if (tasks.Count == 0)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(1, patience.Token);
            }
        }
    }

    private static async Task Quietly(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (ConductorException)
        {
            // It was not paused.
        }
    }

    private static async Task UntilAcceptedAsync(Func<Task> call)
    {
        while (true)
        {
            try
            {
                await call();
                return;
            }
            catch (ConductorException error) when (error.Retryable || error.Status == 409)
            {
                if (error.Status == 409)
                {
                    return;
                }
            }
        }
    }
}
