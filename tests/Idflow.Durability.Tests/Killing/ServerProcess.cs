using System.Diagnostics;
using System.Text;

namespace Idflow.Durability.Tests.Killing;

/// <summary>One life of the real program: <c>idflow up</c> on a project, until it is killed.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource<Uri?> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => _url.TrySetResult(null);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>All that it printed.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    /// <param name="launch">The program and what stands before its own arguments.</param>
    /// <param name="environment">Variables on top of ours.</param>
    public static ServerProcess Start(IReadOnlyList<string> launch, string project, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(launch[0], [.. launch.Skip(1), "-C", project, "up", "--no-workers", "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        return new ServerProcess(new Process { StartInfo = start });
    }

    /// <summary>Where it serves, with <c>/api/</c>; null when it ended before it served.</summary>
    public Task<Uri?> ServesAsync() => _url.Task;

    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }

    /// <returns>False when the time is over first.</returns>
    public async Task<bool> HasEndedWithinAsync(TimeSpan time)
    {
        using var limit = new CancellationTokenSource(time);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        Keep(line);
        if (line is not null && line.StartsWith("http://", StringComparison.Ordinal))
        {
            _url.TrySetResult(new Uri(line.TrimEnd('/') + "/"));
        }
    }

    private void Keep(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
        }
    }
}
