using System.Globalization;
using Idflow.Cli.Hosting;
using Spectre.Console;

namespace Idflow.Cli.Rendering;

/// <summary>What the workers do: a line for each task that ended, and on a terminal a line below that says what runs now.</summary>
internal sealed class RunProgress(Output output, WorkTracker tracker, TimeProvider time)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(125);
    private readonly Lock _lock = new();

    /// <summary>Shows progress while <paramref name="work"/> runs.</summary>
    public async Task<T> DuringAsync<T>(Func<Task<T>> work)
    {
        tracker.Changed = Show;
        try
        {
            return output.IsLive ? await LiveAsync(work).ConfigureAwait(false) : await work().ConfigureAwait(false);
        }
        finally
        {
            tracker.Changed = null;
        }
    }

    private Task<T> LiveAsync<T>(Func<Task<T>> work) =>
        output.Diagnostics.Status().Spinner(Spinner.Known.Dots).StartAsync("starting", async status =>
        {
            var running = work();
            while (!running.IsCompleted)
            {
                status.Status(Markup.Escape(TerminalText.Escape(Now())));
                await Task.WhenAny(running, Task.Delay(Refresh, time)).ConfigureAwait(false);
            }

            return await running.ConfigureAwait(false);
        });

    private string Now()
    {
        var running = tracker.Running;
        var names = string.Join(", ", running.GroupBy(r => r.TaskType).Take(4).Select(g => g.Count() == 1 ? g.Key : $"{g.Key} x{g.Count()}"));
        var counts = $"{tracker.Done} done" + (tracker.Failed > 0 ? $", {tracker.Failed} failed" : "");
        return running.Count == 0 ? $"{counts}; waiting" : $"{counts}; {running.Count} running: {names}";
    }

    private void Show(WorkEvent happened)
    {
        if (LineOf(happened) is not { } line)
        {
            return;
        }

        lock (_lock)
        {
            output.Progress(line);
        }
    }

    private string? LineOf(WorkEvent happened)
    {
        var clock = time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var task = happened.TaskType == happened.ReferenceName ? happened.TaskType : $"{happened.TaskType} ({happened.ReferenceName})";
        return happened.Kind switch
        {
            WorkEventKind.Completed => $"{clock} done    {task} in {Seconds(happened.Elapsed)}",
            WorkEventKind.Failed => $"{clock} failed  {task}{(happened.Detail is null ? "" : ": " + OneLine(happened.Detail))}",
            WorkEventKind.Dropped => $"{clock} dropped {task}: its workflow has ended",
            WorkEventKind.ProcessDied => $"{clock} restart the worker of {happened.TaskType}. {happened.Detail}",
            WorkEventKind.Server when happened.Detail is not null => $"{clock} waiting for the engine: {OneLine(happened.Detail)}",
            WorkEventKind.Server => $"{clock} the engine answers again",
            _ => null,
        };
    }

    private static string Seconds(TimeSpan elapsed) => elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
