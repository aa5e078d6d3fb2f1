using System.Diagnostics;

namespace Idflow.Cli.Tests.TestKit;

/// <summary>Runs the built program.</summary>
internal static class IdflowProcess
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "idflow.dll");

    /// <summary>Starts it with all streams redirected and an environment that only has what is named.</summary>
    public static Process Start(string workingDirectory, IEnumerable<string> arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("IDFLOW_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end with that text on stdin.</summary>
    public static async Task<ProcessResult> RunAsync(string workingDirectory, IEnumerable<string> arguments, string stdin = "", params (string Name, string Value)[] variables)
    {
        using var process = Start(workingDirectory, arguments, variables);
        try
        {
            await process.StandardInput.WriteAsync(stdin);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its stdin.
        }

        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ProcessResult(process.ExitCode, (await output).ReplaceLineEndings("\n"), (await error).ReplaceLineEndings("\n"));
    }
}
