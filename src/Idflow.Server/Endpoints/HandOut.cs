using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine;
using Idflow.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Idflow.Server.Endpoints;

/// <summary>
/// Polls on behalf of HTTP clients. A client that vanishes while it waits ends its poll; tasks taken for a client that is gone
/// before the answer went out are put back, so that they need not wait for their response timeout.
/// </summary>
internal sealed class HandOut(IConductor conductor, PollGate gate, CancellationToken stopping)
{
    private readonly ITaskHandback? _handback = conductor as ITaskHandback;

    public async Task<IReadOnlyList<TaskExecution>> PollAsync(ApiCall call, string taskType, int count, TimeSpan? timeout)
    {
        using var place = gate.Enter(call.Context.Connection.RemoteIpAddress);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, stopping);
        try
        {
            var tasks = await conductor.PollTasksAsync(taskType, call.Query("workerid"), call.Query("domain"), count, timeout, ended.Token);
            Watch(call, tasks);
            return tasks;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !call.Aborted.IsCancellationRequested)
        {
            return [];
        }
    }

    /// <summary>Puts the tasks back if the answer that carries them cannot be sent.</summary>
    public void Watch(ApiCall call, IReadOnlyList<TaskExecution> tasks)
    {
        if (_handback is { } handback && tasks.Count > 0)
        {
            call.Context.Items[typeof(HandOut)] = tasks;
        }
    }

    /// <summary>Runs a handler and sends its answer; see <see cref="Watch"/>.</summary>
    public async Task DeliverAsync(Handler handler, ApiCall call)
    {
        var sent = false;
        try
        {
            var answer = await handler(call);
            call.Aborted.ThrowIfCancellationRequested();
            await answer.SendAsync(call.Context);

            // A client that closes its connection now has its answer: only what was never sent goes back.
            sent = true;
        }
        finally
        {
            if (!sent && call.Context.Items[typeof(HandOut)] is IReadOnlyList<TaskExecution> lost)
            {
                await _handback!.HandBackAsync(lost.Select(task => task.TaskId!).ToList(), CancellationToken.None);
            }
        }
    }
}
