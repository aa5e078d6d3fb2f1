using Idflow.Conductor;
using Idflow.TestKit.Conductor;

namespace Idflow.Engine.Tests.Contracts;

public sealed class WorkflowsOnDisk : WorkflowContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Engines.OnDiskAsync();
}

public sealed class OperationsOnDisk : OperationContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Engines.OnDiskAsync();
}

public sealed class TasksOnDisk : TaskContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Engines.OnDiskAsync();
}

public sealed class MetadataOnDisk : MetadataContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Engines.OnDiskAsync();
}

public sealed class SearchOnDisk : SearchContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Engines.OnDiskAsync();
}

public sealed class MessagesOnDisk : MessageContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Engines.OnDiskAsync();
}

public sealed class PayloadsOnDisk : PayloadContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Engines.OnDiskAsync();
}
