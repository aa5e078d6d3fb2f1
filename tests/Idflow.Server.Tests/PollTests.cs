using System.Net;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine;
using Idflow.Server.Tests.Support;

namespace Idflow.Server.Tests;

public sealed class PollTests
{
    private static readonly IReadOnlyList<TaskExecution> OneTask = [new TaskExecution { TaskId = "t" }];
    private readonly TaskCompletionSource _polling = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _vanished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Client_that_vanishes_ends_its_poll()
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With((nameof(IConductor.PollTasksAsync), args => WaitForeverAsync((CancellationToken)args[5]!))));

        await VanishDuringPollAsync(server);

        await _vanished.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Task_taken_for_a_client_that_is_gone_is_put_back()
    {
        var handedBack = new TaskCompletionSource<IReadOnlyList<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With(
            (nameof(IConductor.PollTasksAsync), args => TakeOnceGoneAsync((CancellationToken)args[5]!)),
            (nameof(ITaskHandback.HandBackAsync), args =>
            {
                handedBack.SetResult((IReadOnlyList<string>)args[0]!);
                return Task.CompletedTask;
            }
        )));

        await VanishDuringPollAsync(server);

        Assert.Equal(["t"], await handedBack.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData("api/tasks/poll/batch/a?timeout=7000", 7000)]
    [InlineData("api/tasks/poll/batch/a?timeout=-1", 0)]
    [InlineData("api/tasks/poll/batch/a", null)]
    [InlineData("api/tasks/poll/a", null)]
    public async Task How_long_a_poll_may_wait_is_for_the_engine_to_say(string path, int? milliseconds)
    {
        object? timeout = "none";
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With((nameof(IConductor.PollTasksAsync), args =>
        {
            timeout = args[4];
            return Task.FromResult(OneTask);
        }
        )));

        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync(path)).Status);
        Assert.Equal(milliseconds is { } wait ? TimeSpan.FromMilliseconds(wait) : (TimeSpan?)null, timeout);
    }

    [Fact]
    public async Task Delivered_task_is_not_put_back()
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With((nameof(IConductor.PollTasksAsync), _ => Task.FromResult(OneTask))));

        Assert.Equal("t", (await server.GetAsync("api/tasks/poll/a")).Json["taskId"]!.GetValue<string>());
    }

    [Fact]
    public async Task Stop_ends_long_polls_at_once_with_an_empty_answer()
    {
        var server = await ServerUnderTest.StartAsync(FakeConductor.With((nameof(IConductor.PollTasksAsync), args => WaitForeverAsync((CancellationToken)args[5]!))));
        using var client = new HttpClient();
        var poll = client.GetStringAsync(new Uri(server.Root, "api/tasks/poll/batch/a?timeout=5000"));
        await _polling.Task;

        await server.DisposeAsync();

        Assert.Equal("[]", await poll);
    }

    private async Task VanishDuringPollAsync(ServerUnderTest server)
    {
        using var client = new HttpClient();
        using var gone = new CancellationTokenSource();
        var poll = client.GetAsync(new Uri(server.Root, "api/tasks/poll/batch/a?timeout=5000"), gone.Token);
        await _polling.Task;
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
    }

    private async Task<IReadOnlyList<TaskExecution>> WaitForeverAsync(CancellationToken cancellationToken)
    {
        _polling.TrySetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return [];
        }
        finally
        {
            _vanished.TrySetResult();
        }
    }

    /// <summary>The task is taken at the very moment at which the client goes.</summary>
    private async Task<IReadOnlyList<TaskExecution>> TakeOnceGoneAsync(CancellationToken cancellationToken)
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitForeverAsync(cancellationToken));
        return OneTask;
    }
}
