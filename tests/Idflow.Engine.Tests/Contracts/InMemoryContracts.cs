using Idflow.Conductor;
using Idflow.TestKit.Conductor;

namespace Idflow.Engine.Tests.Contracts;

public sealed class WorkflowsInMemory : WorkflowContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Engines.InMemoryAsync();
}

public sealed class OperationsInMemory : OperationContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Engines.InMemoryAsync();
}

public sealed class TasksInMemory : TaskContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Engines.InMemoryAsync();
}

public sealed class MetadataInMemory : MetadataContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Engines.InMemoryAsync();
}

public sealed class SearchInMemory : SearchContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Engines.InMemoryAsync();
}

public sealed class MessagesInMemory : MessageContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Engines.InMemoryAsync();
}

public sealed class PayloadsInMemory : PayloadContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => Engines.InMemoryAsync();
}
