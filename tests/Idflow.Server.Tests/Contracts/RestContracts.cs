using Idflow.Conductor;
using Idflow.TestKit.Conductor;

namespace Idflow.Server.Tests.Contracts;

public sealed class WorkflowsOverRest : WorkflowContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => RestHost.CreateAsync();
}

public sealed class OperationsOverRest : OperationContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => RestHost.CreateAsync();
}

public sealed class TasksOverRest : TaskContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => RestHost.CreateAsync();
}

public sealed class MetadataOverRest : MetadataContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => RestHost.CreateAsync();
}

public sealed class SearchOverRest : SearchContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => RestHost.CreateAsync();
}

public sealed class MessagesOverRest : MessageContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => RestHost.CreateAsync();
}

public sealed class PayloadsOverRest : PayloadContract
{
    protected override Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync() => RestHost.CreateAsync();
}
