using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Workers.Discovery;
using Idflow.Workers.Polling;
using Idflow.Workers.Tests.Fakes;

namespace Idflow.Workers.Tests.Polling;

public sealed class WorkerHostTests
{
    private static readonly WorkerHostOptions Fast = new()
    {
        WorkerId = "idflow:test:0",
        PollInterval = TimeSpan.FromMilliseconds(10),
        LongestBackoff = TimeSpan.FromMilliseconds(50),
        CancelCheckInterval = TimeSpan.FromMilliseconds(30),
        CancelGrace = TimeSpan.FromMilliseconds(200),
    };

    private readonly FakeTaskServer _server = new();
    private readonly Samples _samples = new();

    [Fact]
    public async Task Tasks_are_run_and_their_output_is_reported()
    {
        await using var host = Start();
        var id = _server.Enqueue("echo", new JsonObject { ["text"] = "hello", ["odd"] = 1 });

        await _server.UntilDoneAsync(id);

        Assert.Equal("hello", _server.Get(id).OutputData["result"]!.GetValue<string>());
        Assert.Equal("idflow:test:0", _server.Get(id).WorkerId);
        Assert.Contains((id, "Unused input: odd."), _server.Logs);
    }

    [Fact]
    public async Task One_long_task_does_not_hold_up_the_short_ones()
    {
        await using var host = Start();
        var slow = _server.Enqueue("gate", new JsonObject { ["name"] = "slow", ["wait"] = true });
        var quick = Enumerable.Range(0, 100).Select(i => _server.Enqueue("gate", new JsonObject { ["name"] = $"q{i}", ["wait"] = false })).ToArray();

        await _server.UntilDoneAsync(quick);

        Assert.Equal(TaskExecutionStatus.IN_PROGRESS, _server.Get(slow).Status);
        _samples.Gate.SetResult();
        await _server.UntilDoneAsync(slow);
    }

    [Fact]
    public async Task No_more_tasks_run_at_once_than_the_concurrency_says()
    {
        var ids = Enumerable.Range(0, 40).Select(i => _server.Enqueue("gate", new JsonObject { ["name"] = $"{i}", ["wait"] = false })).ToArray();
        await using var host = Start();

        await _server.UntilDoneAsync(ids);

        Assert.InRange(_samples.MostAtOnce, 1, 2);
        Assert.All(_server.PollCounts, c => Assert.InRange(c, 1, 2));
    }

    [Fact]
    public async Task A_result_is_kept_until_the_server_takes_it()
    {
        var refusals = 12;
        _server.Fault = m => m is "update" or "updateAndPoll" && Interlocked.Decrement(ref refusals) >= 0 ? new ConductorUnavailableException("http://x") : null;
        await using var host = Start();
        var id = _server.Enqueue("echo", new JsonObject { ["text"] = "kept" });

        await _server.UntilDoneAsync(id);

        Assert.Equal(TaskExecutionStatus.COMPLETED, _server.Get(id).Status);
        Assert.Equal(1, _samples.Runs["kept"]);
    }

    [Fact]
    public async Task Polling_goes_on_after_the_server_was_away()
    {
        var away = true;
        _server.Fault = m => away ? new ConductorUnavailableException("http://x") : null;
        await using var host = Start();
        await _server.UntilAsync(() => host.Status.All(s => s.Problem is not null), "every loop to notice");
        var id = _server.Enqueue("echo", new JsonObject { ["text"] = "back" });

        away = false;
        await _server.UntilDoneAsync(id);
        await _server.UntilAsync(() => host.Status.All(s => s.Problem is null), "every loop to recover");
    }

    [Fact]
    public async Task A_poll_loop_that_crashes_is_started_again()
    {
        var crashes = 3;
        _server.Fault = m => m == "poll" && Interlocked.Decrement(ref crashes) >= 0 ? new InvalidDataException("bug") : null;
        await using var host = Start();
        var id = _server.Enqueue("echo", new JsonObject { ["text"] = "alive" });

        await _server.UntilDoneAsync(id);

        Assert.Equal(3, host.Status.Sum(s => s.Restarts));
    }

    [Fact]
    public async Task A_refused_result_becomes_a_terminal_failure_that_says_why()
    {
        _server.Fault = m => m is "updateAndPoll" or "update" && _server.Calls.GetValueOrDefault("updateAndPoll") == 1 ? new ConductorException(413, "Output of 11 MB is above the limit.") : null;
        await using var host = Start();
        var id = _server.Enqueue("echo", new JsonObject { ["text"] = "large" });

        await _server.UntilDoneAsync(id);

        Assert.Equal(TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, _server.Get(id).Status);
        Assert.Contains("Output of 11 MB is above the limit.", _server.Get(id).ReasonForIncompletion);
    }

    [Fact]
    public async Task A_server_without_update_and_poll_gets_plain_updates()
    {
        _server.Fault = m => m == "updateAndPoll" ? new ConductorException(405, "Method not allowed") : null;
        await using var host = Start();
        var ids = new[] { _server.Enqueue("echo", new JsonObject { ["text"] = "a" }), _server.Enqueue("echo", new JsonObject { ["text"] = "b" }) };

        await _server.UntilDoneAsync(ids);

        Assert.All(ids, id => Assert.Equal(TaskExecutionStatus.COMPLETED, _server.Get(id).Status));
    }

    [Fact]
    public async Task The_lease_of_a_long_task_is_extended_while_it_runs()
    {
        await using var host = Start();
        var id = _server.Enqueue("gate", new JsonObject { ["name"] = "long", ["wait"] = true }, new TaskDef { Name = "gate", ResponseTimeoutSeconds = 1 });

        await _server.UntilAsync(() => _server.Updates.Count(u => u.ExtendLease && u.TaskId == id) >= 3, "three heartbeats");
        _samples.Gate.SetResult();

        await _server.UntilDoneAsync(id);
    }

    [Fact]
    public async Task A_task_whose_workflow_ended_is_cancelled()
    {
        await using var host = Start();
        var id = _server.Enqueue("obedient", []);
        await _server.UntilAsync(() => _samples.Runs.ContainsKey("obedient"), "the start of the method");

        _server.Cancel(id);

        await _server.UntilAsync(() => _samples.Runs.ContainsKey("obedient cancelled"), "the cancellation");
        await _server.UntilAsync(() => host.Running == 0, "the free slot");
        Assert.DoesNotContain(_server.Updates, u => u.TaskId == id && !u.ExtendLease);
    }

    [Theory]
    [InlineData("obedient")]
    [InlineData("stubborn")]
    public async Task A_task_over_its_time_fails_and_frees_its_slot(string task)
    {
        await using var host = Start();
        var id = _server.Enqueue(task, [], new TaskDef { Name = task, TimeoutSeconds = 1 });

        await _server.UntilDoneAsync(id);

        Assert.Equal(TaskExecutionStatus.FAILED, _server.Get(id).Status);
        Assert.Equal("The task did not end within its limit of 1 s.", _server.Get(id).ReasonForIncompletion);
        await _server.UntilAsync(() => host.Running == 0, "the free slot");
        _samples.Gate.TrySetResult();
    }

    [Fact]
    public async Task A_stop_lets_running_tasks_finish_and_takes_no_new_ones()
    {
        var host = Start();
        var running = _server.Enqueue("gate", new JsonObject { ["name"] = "r", ["wait"] = true });
        await _server.UntilAsync(() => host.Running == 1, "the task to run");

        var stop = host.StopAsync(TestContext.Current.CancellationToken);
        var late = _server.Enqueue("gate", new JsonObject { ["name"] = "late", ["wait"] = false });
        _samples.Gate.SetResult();
        await stop;

        Assert.Equal(TaskExecutionStatus.COMPLETED, _server.Get(running).Status);
        Assert.Equal(TaskExecutionStatus.SCHEDULED, _server.Get(late).Status);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_task_that_does_not_finish_in_time_is_given_back()
    {
        var host = Start(Fast with { DrainTimeout = TimeSpan.FromMilliseconds(20) });
        var id = _server.Enqueue("obedient", []);
        await _server.UntilAsync(() => _samples.Runs.ContainsKey("obedient"), "the start of the method");

        await host.DisposeAsync();

        Assert.Equal(TaskExecutionStatus.SCHEDULED, _server.Get(id).Status);
    }

    [Fact]
    public async Task A_paused_type_is_not_polled_until_it_is_resumed()
    {
        await using var host = Start(Fast with { Tasks = new Dictionary<string, WorkerTaskSettings> { ["echo"] = new() { Paused = true } } });
        var paused = _server.Enqueue("echo", new JsonObject { ["text"] = "p" });
        var other = _server.Enqueue("gate", new JsonObject { ["name"] = "o", ["wait"] = false });

        await _server.UntilDoneAsync(other);
        Assert.Equal(TaskExecutionStatus.SCHEDULED, _server.Get(paused).Status);
        host.Resume("echo");

        await _server.UntilDoneAsync(paused);
    }

    [Fact]
    public async Task A_failure_is_held_back_for_the_time_the_service_asked()
    {
        await using var host = Start();
        var policy = new TaskDef { Name = "busy", RetryCount = 3, RetryLogic = RetryLogic.FIXED, RetryDelaySeconds = 0 };
        var id = _server.Enqueue("busy", [], policy);
        await _server.UntilAsync(() => _samples.Runs.ContainsKey("busy"), "the first run");
        await _server.UntilAsync(() => _server.Logs.Any(l => l.TaskId == id && l.Line.Contains("asked to wait", StringComparison.Ordinal)), "the log line");

        Assert.Equal(TaskExecutionStatus.IN_PROGRESS, _server.Get(id).Status);
        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal((TaskExecutionStatus.FAILED, "busy"), (_server.Get(id).Status, _server.Get(id).ReasonForIncompletion));
    }

    [Fact]
    public void Options_out_of_range_are_refused_all_together()
    {
        var bad = new WorkerHostOptions { WorkerId = " ", LeaseShare = 2, LongPoll = TimeSpan.FromSeconds(60) };

        var error = Assert.Throws<WorkerException>(() => new WorkerHost(_server, new WorkerRegistry(), bad));

        Assert.Contains("WorkerId", error.Message);
        Assert.Contains("LeaseShare", error.Message);
        Assert.Contains("LongPoll", error.Message);
    }

    private WorkerHost Start(WorkerHostOptions? options = null)
    {
        var host = new WorkerHost(_server, new WorkerRegistry().AddInstance(_samples), options ?? Fast);
        host.Start();
        return host;
    }

    internal sealed class Samples
    {
        private int _now;
        private int _most;

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentDictionary<string, int> Runs { get; } = new();

        public int MostAtOnce => _most;

        [WorkerTask("echo")]
        public string Echo(string text)
        {
            Count(text);
            return text;
        }

        [WorkerTask("gate", Concurrency = 2)]
        public async Task Wait(string name, bool wait)
        {
            var now = Interlocked.Increment(ref _now);
            _most = Math.Max(_most, now);
            Count(name);
            await (wait ? Gate.Task : Task.Delay(1));
            Interlocked.Decrement(ref _now);
        }

        [WorkerTask("obedient")]
        public async Task Obedient(CancellationToken token)
        {
            Count("obedient");
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                Count("obedient cancelled");
            }
        }

        [WorkerTask("stubborn")]
        public Task Stubborn() => Gate.Task;

        [WorkerTask("busy")]
        public void Busy()
        {
            Count("busy");
            throw TaskFailedException.Transient("busy", TimeSpan.FromMinutes(10));
        }

        private void Count(string name) => Runs.AddOrUpdate(name, 1, (_, n) => n + 1);
    }
}
