using System.Threading.Channels;
using Idflow.Conductor;
using Idflow.Documents;
using Idflow.Pipeline;
using Idflow.Pipeline.Evaluation;
using Idflow.Pipeline.Resources;
using Idflow.Workers.Sources;
using Microsoft.Extensions.Logging;

namespace Idflow.Cli.Hosting;

/// <summary>
/// What a process that serves until it is stopped does beside serving: it sends starts that were kept while the server was away, and serves the
/// project's own tasks anew when their sources change.
/// </summary>
/// <param name="parts">What the host is made of.</param>
/// <param name="fleet">Its workers.</param>
internal sealed class HostUpkeep(HostParts parts, WorkerFleet fleet)
{
    /// <summary>A start that could not be sent again is tried after so long.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = parts.Fleet.TimeProvider;
    private ProjectTasks _tasks = parts.Tasks;

    /// <param name="told">Is told of changed and broken sources.</param>
    /// <param name="stop">Ends it.</param>
    public Task RunAsync(Action<TasksChange> told, CancellationToken stop) => Task.WhenAll(
        UntilStoppedAsync(SendStartsAsync, stop),
        UntilStoppedAsync(token => WatchTasksAsync(told, token), stop));

    private static async Task UntilStoppedAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        try
        {
            await work(stop).ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What ends it.
        }
    }

    private async Task SendStartsAsync(CancellationToken stop)
    {
        var answers = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        fleet.Tracker.ServerAnswers = () => answers.Writer.TryWrite(true);
        var isPending = false;
        while (true)
        {
            if (isPending)
            {
                await Task.Delay(TryAgain, _time, stop).ConfigureAwait(false);
            }
            else
            {
                await answers.Reader.ReadAsync(stop).ConfigureAwait(false);
            }

            try
            {
                isPending = (await parts.SendPendingStarts(stop).ConfigureAwait(false)).Any(stage => stage.Decision == StageDecision.Pending);
            }
            catch (Exception e) when (e is ConductorException or DocumentException or PipelineException or IOException)
            {
                parts.Fleet.Logger.LogWarning(e, "Starts that are kept could not be sent");
                isPending = true;
            }
        }
    }

    private async Task WatchTasksAsync(Action<TasksChange> told, CancellationToken stop)
    {
        if (parts.ReloadTasks is not { } reload || !Directory.Exists(parts.TasksFolder))
        {
            return;
        }

        using var watch = new FolderWatch(parts.TasksFolder, _time);
        while (true)
        {
            await watch.NextAsync(stop).ConfigureAwait(false);
            var loaded = await reload(stop).ConfigureAwait(false);
            var isNewlyBroken = loaded.Broken.Where(broken => !_tasks.Broken.Any(known => known.Message == broken.Message)).ToList();
            _tasks = loaded.KeepingBroken(_tasks);
            var changed = fleet.Replace(_tasks);
            var refused = changed.Count == 0 ? RegistrationReport.Nothing : await parts.Registrar.RegisterAsync(stop).ConfigureAwait(false);
            if (changed.Count + isNewlyBroken.Count + refused.Refused.Count > 0)
            {
                told(new TasksChange(changed, isNewlyBroken, refused.Refused));
            }
        }
    }
}
