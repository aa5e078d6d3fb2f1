using Idflow.Conductor;
using Idflow.TestKit.Conductor;

namespace Idflow.Engine.Tests.Contracts;

/// <summary>Hardly anything stays in memory: each change reads its workflow again.</summary>
internal static class Reloading
{
    public static Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Engines.OnDiskAsync(new EngineLimits { WorkflowsInMemory = 0 });
}

public sealed class WorkflowsReloaded : WorkflowContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Reloading.CreateAsync();
}

public sealed class OperationsReloaded : OperationContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Reloading.CreateAsync();
}

public sealed class TasksReloaded : TaskContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Reloading.CreateAsync();
}

public sealed class MessagesReloaded : MessageContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Reloading.CreateAsync();
}
