using Idflow.Conductor.Model;
using Idflow.Engine.Execution;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Memory;
using Idflow.Engine.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using SQLitePCL;

namespace Idflow.Engine.Tests.Execution;

/// <summary>A store that cannot be read now and then: nothing is given up for it.</summary>
public sealed class ReadFailureTests : IAsyncDisposable
{
    private readonly InMemoryStore _disk = new();
    private readonly FakeTimeProvider _time = new();
    private int _failures;

    public ValueTask DisposeAsync() => _disk.DisposeAsync();

    [Fact]
    public async Task A_task_whose_workflow_cannot_be_read_just_now_is_handed_out_later()
    {
        await StartAsync("child");
        await using var engine = await OpenAsync();

        _failures = 1;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => engine.PollTasksAsync("work", "w", timeout: TimeSpan.Zero));
        Assert.Equal(1, await engine.GetQueueSizeAsync("work"));
        Assert.Single(await engine.PollTasksAsync("work", "w", timeout: TimeSpan.Zero));
    }

    [Fact]
    public async Task What_follows_from_an_end_is_tried_again()
    {
        await using (var first = await OpenAsync())
        {
            await SampleWorkflows.RegisterAsync(first);
            await first.StartWorkflowAsync(new StartWorkflowRequest { Name = "main", Input = new() { ["v"] = 1 } });
            await UntilAsync(() => _disk.FindByName("child", null, null, null).Count == 1);
        }

        // The parent is on disk only when its child ends.
        await using var engine = await OpenAsync(commits => _failures += commits.Any(commit => commit.Outbox.Count > 0) ? 1 : 0);
        await Worker.RunUntilAsync(engine, IsQuiet);
        Assert.Equal(WorkflowStatus.COMPLETED, _disk.ReadWorkflow(_disk.FindByName("main", null, 0, long.MaxValue).Single())!.Status);
    }

    [Fact]
    public async Task A_disk_that_fails_while_the_engine_opens_ends_the_opening()
    {
        await StartAsync("child");
        await Assert.ThrowsAsync<EngineStoreException>(() => OpenAsync(failsFirst: nameof(IEngineStore.ReadSnapshot)));
        await using var engine = await OpenAsync();
        await Worker.RunUntilAsync(engine, IsQuiet);
    }

    private async Task StartAsync(string name)
    {
        await using var engine = await OpenAsync();
        await SampleWorkflows.RegisterAsync(engine);
        await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = name, Input = new() { ["v"] = 1 } });
    }

    /// <param name="seen">Gets each write before it is done.</param>
    /// <param name="failsFirst">A read whose first call fails.</param>
    private Task<EmbeddedEngine> OpenAsync(Action<IReadOnlyList<State.StoreChanges>>? seen = null, string? failsFirst = null) => EmbeddedEngine.OpenAsync(new EngineOptions { TimeProvider = _time }, new FaultyStore(_disk)
    {
        Refuses = commits =>
        {
            seen?.Invoke(commits);
            return false;
        },
        BeforeRead = name =>
        {
            if (name == Interlocked.CompareExchange(ref failsFirst, null, name) || (name == nameof(IEngineStore.ReadWorkflow) && Interlocked.Exchange(ref _failures, 0) > 0))
            {
                throw EngineStoreException.For(raw.SQLITE_IOERR, "it cannot be read, on purpose", "engine.db");
            }
        },
    });

    /// <summary>Time passes only while something is waited for.</summary>
    private bool IsQuiet()
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return Worker.IsQuiet(_disk);
    }

    private async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
