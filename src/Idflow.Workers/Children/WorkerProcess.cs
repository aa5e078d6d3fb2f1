using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Idflow.Workers.Children;

/// <summary>One child worker process from start to exit, seen from its parent.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly string[] FirstWords = ["Process terminated.", "Unhandled exception.", "Out of memory", "Stack overflow"];
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(500);
    private readonly Process _process;
    private readonly WorkerProcessOptions _options;
    private readonly string _source;
    private readonly ConcurrentDictionary<string, ChildEvent> _running = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastSign;
    private volatile string? _killedFor;
    private volatile string? _refusal;
    private volatile bool _stopping;
    private volatile string? _lastWords;

    private WorkerProcess(Process process, string source, WorkerProcessOptions options)
    {
        _process = process;
        _source = source;
        _options = options;
        _lastSign = options.TimeProvider.GetTimestamp();
    }

    public int Id => _process.Id;

    public bool IsReady => _ready.Task.IsCompleted;

    /// <summary>Why the process cannot serve at all; null while nothing is wrong.</summary>
    public string? Refusal => _refusal;

    public IReadOnlyCollection<ChildEvent> Running => [.. _running.Values];

    /// <exception cref="WorkerException">The program cannot be started.</exception>
    public static WorkerProcess Start(string source, ChildWorkerSpec spec, WorkerProcessOptions options)
    {
        var start = new ProcessStartInfo(options.FileName, options.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The garbage collector's own limit turns most excess into an exception in the task before the process must be replaced.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x" + (options.MemoryLimitBytes / 10 * 9).ToString("X", System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["DOTNET_TieredPGO"] = "0";
        try
        {
            var process = new WorkerProcess(Process.Start(start)!, source, options);
            process._process.StandardInput.WriteLine(spec.ToLine());
            process._process.StandardInput.Flush();
            return process;
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new WorkerException($"The worker process '{options.FileName}' cannot be started: {e.Message}", e);
        }
    }

    /// <summary>Reads its events and watches its limits until it has exited.</summary>
    /// <returns>Why it ended, as a sentence.</returns>
    public async Task<string> ExitAsync()
    {
        using var exited = new CancellationTokenSource();
        var watch = WatchAsync(exited.Token);
        var errors = ReadAsync(_process.StandardError, HandleError);
        await ReadAsync(_process.StandardOutput, Handle);
        await _process.WaitForExitAsync();
        await exited.CancelAsync();
        await watch;
        await errors;
        return _refusal ?? _killedFor ?? (_process.ExitCode switch
        {
            0 when _stopping => "It stopped.",
            0 => $"It ended by itself with exit code 0; a task must return and not end its process.{_lastWords}",
            3 => "A task did not obey its cancellation, so the process was replaced.",
            > 128 => $"It was ended by signal {_process.ExitCode - 128}.{_lastWords}",
            var code => $"It exited with code {code}.{_lastWords}",
        });
    }

    /// <summary>Asks it to finish what runs and exit; kills it when it takes too long.</summary>
    public void Stop()
    {
        _stopping = true;
        try
        {
            _process.StandardInput.WriteLine("stop");
            _process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It has exited already.
        }

        Interlocked.Exchange(ref _lastSign, _options.TimeProvider.GetTimestamp());
    }

    public void Kill(string reason)
    {
        _killedFor ??= reason;
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has exited already.
        }
    }

    public void Dispose() => _process.Dispose();

    private static async Task ReadAsync(StreamReader reader, Action<string> handle)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                handle(line);
            }
        }
        catch (IOException)
        {
            // The pipe broke with the process.
        }
    }

    private void Handle(string line)
    {
        if (ChildEvent.Parse(line) is not { } childEvent)
        {
            _options.Logger.LogInformation("[{Source}] {Line}", _source, line);
            return;
        }

        if (!_stopping)
        {
            Interlocked.Exchange(ref _lastSign, _options.TimeProvider.GetTimestamp());
        }

        switch (childEvent.Event)
        {
            case ChildEventKind.Ready:
                _ready.TrySetResult();
                break;
            case ChildEventKind.Refused:
                _refusal = childEvent.Message;
                break;
            case ChildEventKind.Started:
                _running[childEvent.TaskId!] = childEvent;
                _options.Observer?.TaskStarted(_source, childEvent.WorkflowId!, childEvent.TaskType!, childEvent.Reference!);
                break;
            case ChildEventKind.Ended:
                _running.TryRemove(childEvent.TaskId!, out _);
                _options.Observer?.TaskEnded(_source, childEvent.WorkflowId!, childEvent.TaskType!, childEvent.Reference!, childEvent.Status);
                break;
        }
    }

    /// <summary>The runtime's first words about its end say more than the stack trace after them.</summary>
    private void HandleError(string line)
    {
        _options.Logger.LogInformation("[{Source}] {Line}", _source, line);
        if (FirstWords.Any(words => line.StartsWith(words, StringComparison.Ordinal)))
        {
            _lastWords = " " + line;
        }
        else if (_lastWords == $" {FirstWords[0]}")
        {
            _lastWords += " " + line.Trim();
        }
    }

    private async Task WatchAsync(CancellationToken exited)
    {
        while (!exited.IsCancellationRequested)
        {
            await Task.Delay(WatchInterval, _options.TimeProvider, exited).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (exited.IsCancellationRequested)
            {
                return;
            }

            var silent = _options.TimeProvider.GetElapsedTime(Interlocked.Read(ref _lastSign));
            var limit = _stopping ? _options.DrainTimeout + TimeSpan.FromSeconds(10) : IsReady ? _options.LivenessLimit : _options.StartLimit;
            if (silent > limit)
            {
                Kill(_stopping ? "It did not stop in time." : $"It gave no sign of life for {limit.TotalSeconds:0} s.");
            }
            else if (MemoryOf() is var bytes && bytes > _options.MemoryLimitBytes)
            {
                Kill($"It used {bytes >> 20} MiB of memory; the limit is {_options.MemoryLimitBytes >> 20} MiB.");
            }
        }
    }

    private long MemoryOf()
    {
        try
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }
}
