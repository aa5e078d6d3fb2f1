using System.Globalization;
using Idflow.Cli.Hosting;
using Spectre.Console;

namespace Idflow.Cli.Rendering;

/// <summary>What the workers do: a line for each task that ended, and on a terminal a line below that says what runs now.</summary>
internal sealed class RunProgress(Output output, TimeProvider time)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(125);
    private readonly Lock _lock = new();

    /// <summary>Lines of the time before the host's own report, which comes first; null once that is out.</summary>
    private List<string>? _early = [];

    /// <summary>Takes an event: a listener of the <see cref="WorkTracker"/>.</summary>
    public void Show(WorkEvent happened)
    {
        if (LineOf(happened) is not { } line)
        {
            return;
        }

        lock (_lock)
        {
            if (_early is not null)
            {
                _early.Add(line);
            }
            else
            {
                output.Progress(line);
            }
        }
    }

    /// <summary>Shows progress from now on, first what happened before, and while <paramref name="work"/> runs also what <paramref name="tracker"/> counts.</summary>
    public Task<T> DuringAsync<T>(WorkTracker tracker, Func<Task<T>> work)
    {
        lock (_lock)
        {
            _early?.ForEach(output.Progress);
            _early = null;
        }

        return output.IsLive ? LiveAsync(tracker, work) : work();
    }

    private Task<T> LiveAsync<T>(WorkTracker tracker, Func<Task<T>> work) =>
        output.Diagnostics.Status().Spinner(Spinner.Known.Dots).StartAsync("starting", async status =>
        {
            var running = work();
            while (!running.IsCompleted)
            {
                status.Status(Markup.Escape(TerminalText.Escape(Now(tracker))));
                await Task.WhenAny(running, Task.Delay(Refresh, time)).ConfigureAwait(false);
            }

            return await running.ConfigureAwait(false);
        });

    private static string Now(WorkTracker tracker)
    {
        var running = tracker.Running;
        var names = string.Join(", ", running.GroupBy(r => r.TaskType).Take(4).Select(g => g.Count() == 1 ? g.Key : $"{g.Key} x{g.Count()}"));
        var counts = $"{tracker.Done} done" + (tracker.Failed > 0 ? $", {tracker.Failed} failed" : "");
        return running.Count == 0 ? $"{counts}; waiting" : $"{counts}; {running.Count} running: {names}";
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
