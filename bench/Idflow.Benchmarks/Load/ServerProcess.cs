using System.Diagnostics;
using System.Globalization;

namespace Idflow.Benchmarks.Load;

/// <summary><c>idflow up</c> as its users run it: a process of its own, on a new project in a temporary folder and a free port.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly string _project;

    private ServerProcess(Process process, string project, string api) => (_process, _project, Api) = (process, project, api);

    /// <summary>The URL that ends with <c>/api</c>.</summary>
    public string Api { get; }

    /// <param name="program">The published <c>idflow</c>.</param>
    public static async Task<ServerProcess> StartAsync(string program)
    {
        var project = Directory.CreateTempSubdirectory("idflow-bench-").FullName;
        using (var init = Start(program, project, "init"))
        {
            _ = init.StandardError.ReadToEndAsync();
            await init.StandardOutput.ReadToEndAsync();
            await init.WaitForExitAsync();
        }

        var process = Start(program, project, "up", "--no-workers", "--urls", "http://127.0.0.1:0");
        var errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("http://", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new ServerProcess(process, project, line);
            }
        }

        throw new InvalidOperationException($"{program} up ended without serving: {await errors}");
    }

    /// <summary>The launcher in the root of the clone, which builds what it runs.</summary>
    public static string OfClone()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "idflow.slnx")))
            {
                return Path.Combine(folder.FullName, "idflow");
            }
        }

        throw new InvalidOperationException("The program is not in a clone; name an idflow with --program");
    }

    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    public long ResidentBytes()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    public async ValueTask DisposeAsync()
    {
        using var interrupt = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        using var limit = new CancellationTokenSource(StopPatience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_project, recursive: true);
    }

    private static Process Start(string program, string folder, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
}
