using Idflow.Conductor.Model;
using Idflow.Engine.Queues;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Timers;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Engine.Tests.Queues;

public sealed class TaskQueueTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private TimerHeap _timers = null!;
    private TaskQueues _queues = null!;

    public ValueTask InitializeAsync()
    {
        _timers = new TimerHeap(_time, (key, _) =>
        {
            if (key.Kind == TimerKind.QueueDue)
            {
                _queues.MakeReady(key.Id);
            }
            else
            {
                _queues.WakeLimited(key.Id);
            }
        });
        _queues = new TaskQueues(_time, _timers);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _timers.DisposeAsync();

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private TaskRow Put(string id, int priority = 0, double inSeconds = 0, TaskDef? definition = null)
    {
        var row = new TaskRow
        {
            TaskId = id,
            WorkflowId = "w",
            ReferenceName = id,
            TaskType = "t",
            TaskDefName = "t",
            WorkflowType = "wf",
            Status = TaskExecutionStatus.SCHEDULED,
            WorkflowPriority = priority,
            DueTime = Now + (long)(inSeconds * 1000),
            RateLimitPerFrequency = definition?.RateLimitPerFrequency ?? 0,
            RateLimitFrequencyInSeconds = definition?.RateLimitFrequencyInSeconds ?? 1,
            Entry = new WorkflowTask { TaskDefinition = definition },
        };
        _queues.Follow(row);
        return row;
    }

    private string Take(int count = 10) => string.Join(" ", _queues.Take(_queues.Get("t"), count).Select(task => task.TaskId));

    [Fact]
    public void The_higher_priority_comes_first_and_then_the_earlier()
    {
        Put("a");
        Put("b", priority: 5);
        Put("c");
        Put("d", priority: 5);
        Assert.Equal("b d a c", Take());
    }

    [Fact]
    public void A_delayed_task_comes_when_it_is_due()
    {
        Put("a", inSeconds: 5);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal("", Take());
        Assert.Equal(1, _queues.Size("t"));

        _time.Advance(TimeSpan.FromSeconds(0.11));
        Assert.Equal("a", Take());
    }

    [Fact]
    public async Task A_waiting_poller_is_woken_by_a_task()
    {
        var queue = _queues.Get("t");
        Take();
        var waiting = queue.WaitAsync(TimeSpan.FromSeconds(60), _time, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        Put("a");
        Assert.True(await waiting);
        Assert.Equal("a", Take());
    }

    [Fact]
    public async Task A_poller_that_leaves_passes_its_wake_up_on()
    {
        var queue = _queues.Get("t");
        Take();
        using var gone = new CancellationTokenSource();
        var first = queue.WaitAsync(TimeSpan.FromSeconds(60), _time, gone.Token);
        var second = queue.WaitAsync(TimeSpan.FromSeconds(60), _time, CancellationToken.None);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Put("a");
        Assert.True(await second);
    }

    [Fact]
    public async Task A_poller_waits_no_longer_than_it_wants()
    {
        Take();
        var waiting = _queues.Get("t").WaitAsync(TimeSpan.FromSeconds(3), _time, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.False(await waiting);
    }

    [Fact]
    public void A_concurrency_limit_holds_tasks_back_until_one_ends()
    {
        var definition = new TaskDef { Name = "t", ConcurrentExecLimit = 1 };
        var first = Put("a", definition: definition);
        Put("b", definition: definition);
        Assert.Equal("a", Take());
        Assert.Equal("", Take());

        _queues.Follow(first with { Status = TaskExecutionStatus.COMPLETED });
        Assert.Equal("b", Take());
    }

    [Fact]
    public void A_rate_limit_lets_so_many_out_per_window()
    {
        var definition = new TaskDef { Name = "t", RateLimitPerFrequency = 2, RateLimitFrequencyInSeconds = 10 };
        foreach (var id in (string[])["a", "b", "c", "d", "e"])
        {
            Put(id, definition: definition);
        }
        Assert.Equal("a b", Take());
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("", Take());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("c d", Take());
    }

    [Fact]
    public void A_task_that_left_its_queue_is_not_handed_out()
    {
        var row = Put("a");
        _queues.Follow(row with { Status = TaskExecutionStatus.CANCELED });
        Assert.Equal("", Take());
        Assert.Equal(0, _queues.Size("t"));
    }
}
