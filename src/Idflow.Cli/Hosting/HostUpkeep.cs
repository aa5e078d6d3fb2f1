using Idflow.Conductor;
using Idflow.Documents;
using Idflow.Pipeline.Resources;
using Idflow.Workers.Sources;
using Microsoft.Extensions.Logging;

namespace Idflow.Cli.Hosting;

/// <summary>
/// What a process that serves until it is stopped does beside serving: it sends kept starts (<see cref="KeptStarts"/>), and serves the
/// project's stages, workflows and own tasks anew when their files change, and evaluates documents that were changed by hand.
/// </summary>
/// <param name="parts">What the host is made of.</param>
/// <param name="fleet">Its workers.</param>
/// <param name="registered">What was brought to the engine at the start.</param>
internal sealed class HostUpkeep(HostParts parts, WorkerFleet fleet, RegistrationReport registered)
{
    /// <summary>Between two looks at the documents; longer where a look takes long, so that looking stays a twentieth of one processor's time.</summary>
    private static readonly TimeSpan DocumentPause = TimeSpan.FromSeconds(1);

    private const int PauseToLook = 20;

    private readonly KeptStarts _starts = new(parts, fleet.Tracker);
    private readonly ResourceWatch _watch = new(parts.Resources, parts.Fleet.TimeProvider);
    private ProjectTasks _tasks = parts.Tasks;
    private IReadOnlyList<string> _refused = registered.Refused;

    /// <param name="told">Is told of changed and broken files.</param>
    /// <param name="stop">Ends it.</param>
    public Task RunAsync(Action<ProjectChange> told, CancellationToken stop) => Task.WhenAll(
        UntilStoppedAsync(_starts.SendAsync, stop),
        UntilStoppedAsync(token => WatchFilesAsync(told, token), stop),
        UntilStoppedAsync(token => WatchDocumentsAsync(told, token), stop));

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

    private async Task WatchFilesAsync(Action<ProjectChange> told, CancellationToken stop)
    {
        while (true)
        {
            var files = await _watch.NextAsync(stop).ConfigureAwait(false);
            var change = new ProjectChange { NeedsRestart = [.. files.Where(file => file.Kind is null).Select(file => file.Location)] };
            change = ReadAnew(change, [.. files.Where(file => file.Kind is ResourceOverlay.Stages or ResourceOverlay.Workflows).Select(file => file.Location)]);
            if (files.Any(file => file.Kind == ResourceOverlay.Tasks) && parts.ReloadTasks is { } reload)
            {
                change = await ServeAnewAsync(change, reload, stop).ConfigureAwait(false);
            }

            if (change.Read.Count + change.Serving.Count > 0)
            {
                change = change with { Refused = await RegisterAsync(stop).ConfigureAwait(false) };
            }

            if (!change.IsEmpty)
            {
                told(change);
            }
        }
    }

    private async Task WatchDocumentsAsync(Action<ProjectChange> told, CancellationToken stop)
    {
        for (var pause = DocumentPause; parts.Documents is { } documents;)
        {
            await Task.Delay(pause, parts.Fleet.TimeProvider, stop).ConfigureAwait(false);
            var start = parts.Fleet.TimeProvider.GetTimestamp();
            try
            {
                var look = await documents.LookAsync(stop).ConfigureAwait(false);
                told(new ProjectChange { Evaluated = look.Evaluated, DocumentProblems = look.Problems });
            }
            catch (Exception e) when (e is DocumentException or IOException or UnauthorizedAccessException)
            {
                parts.Fleet.Logger.LogWarning(e, "The documents could not be looked at; the next look comes soon");
            }

            var took = parts.Fleet.TimeProvider.GetElapsedTime(start);
            pause = took * PauseToLook > DocumentPause ? took * PauseToLook : DocumentPause;
        }
    }

    private ProjectChange ReadAnew(ProjectChange change, IReadOnlyList<string> files)
    {
        if (files.Count == 0)
        {
            return change;
        }

        var before = parts.Resources.Problems().ToHashSet();
        parts.Resources.Reload();
        return change with { Read = files, Problems = [.. parts.Resources.Problems().Where(problem => !before.Contains(problem))] };
    }

    private async Task<ProjectChange> ServeAnewAsync(ProjectChange change, Func<CancellationToken, Task<ProjectTasks>> reload, CancellationToken stop)
    {
        var loaded = await reload(stop).ConfigureAwait(false);
        var newlyBroken = loaded.Broken.Where(broken => !_tasks.Broken.Any(known => known.Message == broken.Message)).ToList();
        _tasks = loaded.KeepingBroken(_tasks);
        return change with { Serving = fleet.Replace(_tasks), Broken = newlyBroken };
    }

    /// <returns>What the engine refuses that it did not refuse before.</returns>
    private async Task<IReadOnlyList<string>> RegisterAsync(CancellationToken stop)
    {
        try
        {
            var refused = (await parts.Registrar.EnsureAnewAsync(stop).ConfigureAwait(false)).Refused;
            var fresh = refused.Except(_refused).ToList();
            _refused = refused;
            return fresh;
        }
        catch (ConductorException e)
        {
            parts.Fleet.Logger.LogWarning(e, "Changed definitions go to the engine with the next start");
            return [];
        }
    }
}
