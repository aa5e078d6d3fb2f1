using System.Collections.Concurrent;
using System.Diagnostics;
using Idflow.Conductor.Model;
using Idflow.Workers.Children;
using Idflow.Workers.Sources;
using Idflow.Workers.Tests.Fakes;

namespace Idflow.Workers.Tests.Children;

/// <summary>Supervision of real processes; a shell script plays the child, so that every kind of end can be had.</summary>
public sealed class ChildWorkersTests : IDisposable
{
    private const string Serve = """
        read spec; echo '{"event":"Ready"}'; echo '{"event":"Alive"}'
        while read order; do exit 0; done
        """;

    private readonly TaskFolder _folder = new();
    private readonly FakeTaskServer _server = new();
    private readonly ConcurrentQueue<string> _released = new();
    private readonly Died _died = new();

    [Fact]
    public async Task A_process_serves_until_it_is_stopped()
    {
        await using var workers = Start(Serve);
        await UntilAsync(() => State(workers) == WorkerProcessState.Serving, workers);
        var status = Assert.Single(workers.Status);

        await workers.StopAsync();

        Assert.Equal(("source", "idflow:i:1:source", 0), (status.Source, status.WorkerId, status.Restarts));
        Assert.Equal(WorkerProcessState.Stopped, State(workers));
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(status.ProcessId!.Value));
        Assert.Equal(["idflow:i:1:"], _released);
    }

    [Fact]
    public async Task When_it_dies_its_tasks_are_released_at_once_and_it_is_started_again()
    {
        // The first process kills itself while it runs a task; the second one serves.
        await using var workers = Start($$"""
            if [ ! -e died ]; then touch died; read spec; echo '{"event":"Ready"}'; echo '{"event":"Started","taskId":"t1","taskType":"x","workflowId":"w","reference":"r"}'; kill -9 $$; fi
            {{Serve}}
            """);

        await UntilAsync(() => workers.Status[0] is { State: WorkerProcessState.Serving, Restarts: 1 }, workers);

        Assert.Equal(["idflow:i:1:"], _released);
        Assert.Equal("It was ended by signal 9.", Assert.Single(_died.Reasons));
        Assert.Empty(_server.Updates);
        Assert.Equal("idflow:i:2:source", workers.Status[0].WorkerId);
    }

    [Fact]
    public async Task A_task_that_keeps_killing_its_process_is_reported_as_failed()
    {
        var id = _server.Enqueue("x");
        await using var workers = Start($$"""
            read spec; echo '{"event":"Ready"}'; echo '{"event":"Started","taskId":"{{id}}","taskType":"x","workflowId":"w1","reference":"r"}'; exit 134
            """);

        await _server.UntilDoneAsync(id);

        Assert.Equal(TaskExecutionStatus.FAILED, _server.Get(id).Status);
        Assert.StartsWith("The worker process died 3 times while it ran this task", _server.Get(id).ReasonForIncompletion, StringComparison.Ordinal);
        Assert.True(_released.Count >= 2);
    }

    [Fact]
    public async Task A_process_that_cannot_serve_is_not_started_again()
    {
        await using var workers = Start("""read spec; echo '{"event":"Refused","message":"no such library"}'; exit 2""");

        await UntilAsync(() => State(workers) == WorkerProcessState.Refused, workers);

        Assert.Equal("no such library", workers.Status[0].Problem);
        Assert.Equal(0, workers.Status[0].Restarts);
    }

    [Fact]
    public async Task A_process_without_a_sign_of_life_is_replaced()
    {
        await using var workers = Start($$"""
            if [ ! -e hung ]; then touch hung; read spec; echo '{"event":"Ready"}'; exec sleep 600; fi
            {{Serve}}
            """, o => o with { LivenessLimit = TimeSpan.FromMilliseconds(300) });

        await UntilAsync(() => _died.Reasons.Any(r => r.StartsWith("It gave no sign of life", StringComparison.Ordinal)), workers);
        await UntilAsync(() => workers.Status[0].Restarts >= 1, workers);
    }

    [Fact]
    public async Task A_process_above_its_memory_limit_is_replaced()
    {
        await using var workers = Start(Serve, o => o with { MemoryLimitBytes = 1024 });

        await UntilAsync(() => _died.Reasons.Any(r => r.Contains("of memory; the limit is", StringComparison.Ordinal)), workers);
    }

    [Fact]
    public async Task A_changed_source_is_served_by_a_new_process_and_the_others_go_on()
    {
        await using var workers = Start(Serve);
        await UntilAsync(() => State(workers) == WorkerProcessState.Serving, workers);
        var kept = Built("source", "unused.dll");

        Assert.Equal(["other"], workers.Replace([kept, Built("other", "1.dll")]));
        await UntilAsync(() => workers.Status.Count == 2 && workers.Status.All(s => s.State == WorkerProcessState.Serving), workers);
        var before = workers.Status;
        Assert.Equal(["other"], workers.Replace([kept, Built("other", "2.dll")]));
        await UntilAsync(() => workers.Status.Count == 2 && workers.Status.All(s => s.State == WorkerProcessState.Serving), workers);

        Assert.Equal(before[0].ProcessId, workers.Status[0].ProcessId);
        Assert.NotEqual(before[1].ProcessId, workers.Status[1].ProcessId);
        Assert.Empty(workers.Replace([kept]));
        await UntilAsync(() => workers.Status.Count == 1 && _released.Contains("idflow:i:3:"), workers);
        Assert.Empty(_died.Reasons);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_a_problem_and_not_a_crash()
    {
        await using var workers = Start(Serve, o => o with { FileName = "/nowhere/idflow" });

        await UntilAsync(() => workers.Status[0].Problem?.Contains("/nowhere/idflow", StringComparison.Ordinal) == true, workers);
    }

    public void Dispose() => _folder.Dispose();

    private BuiltTaskSource Built(string name, string assembly) => new(_folder.Write(name, "// played by a shell script"), assembly, [new TaskDef { Name = name }]);

    private static WorkerProcessState State(ChildWorkers workers) => Assert.Single(workers.Status).State;

    private static async Task UntilAsync(Func<bool> condition, ChildWorkers workers)
    {
        for (var limit = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(20), string.Join(", ", workers.Status));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private ChildWorkers Start(string script, Func<WorkerProcessOptions, WorkerProcessOptions>? change = null)
    {
        var source = _folder.Write("source", "// played by a shell script");
        var options = new WorkerProcessOptions
        {
            FileName = "/bin/sh",
            Arguments = ["-c", $"cd '{Path.GetDirectoryName(source.Path)}'\n{script}"],
            WorkerIdPrefix = "idflow:i",
            ReleaseTasks = (prefix, _) =>
            {
                _released.Enqueue(prefix);
                return Task.CompletedTask;
            },
            LongestBackoff = TimeSpan.FromMilliseconds(200),
            Observer = _died,
        };
        var workers = new ChildWorkers([new BuiltTaskSource(source, "unused.dll", [new TaskDef { Name = "x" }])], "http://127.0.0.1:1/api", _server, change?.Invoke(options) ?? options);
        workers.Start();
        return workers;
    }

    private sealed class Died : IChildObserver
    {
        public ConcurrentQueue<string> Reasons { get; } = new();

        public void TaskStarted(string source, string workflowId, string taskType, string referenceName)
        {
        }

        public void TaskEnded(string source, string workflowId, string taskType, string referenceName, string? status)
        {
        }

        public void ProcessDied(string source, string reason) => Reasons.Enqueue(reason);
    }
}
