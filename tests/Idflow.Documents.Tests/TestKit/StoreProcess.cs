using System.Diagnostics;

namespace Idflow.Documents.Tests.TestKit;

/// <summary>A second process that works on the same documents.</summary>
internal sealed class StoreProcess : IDisposable
{
    private readonly Process _process;

    private StoreProcess(Process process) => _process = process;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>Starts it and waits until it has opened the store; it works after <see cref="Go"/>.</summary>
    public static async Task<StoreProcess> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Idflow.Documents.TestProcess.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = new StoreProcess(Process.Start(start)!);
        var ready = await process.Output.ReadLineAsync();
        return ready == "ready" ? process : throw new InvalidOperationException(await process._process.StandardError.ReadToEndAsync());
    }

    public void Go() => _process.StandardInput.WriteLine();

    public async Task<IReadOnlyList<string>> EndAsync()
    {
        var lines = (await Output.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var errors = await _process.StandardError.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode == 0 ? lines : throw new InvalidOperationException(errors);
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
