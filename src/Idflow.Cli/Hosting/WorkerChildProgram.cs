using System.Runtime.InteropServices;
using Idflow.Conductor.Rest;
using Idflow.Workers.Children;
using Microsoft.Extensions.Logging;

namespace Idflow.Cli.Hosting;

/// <summary>
/// <c>idflow worker-child</c>: the inside of a child worker process. It is started by another idflow process only, which
/// speaks to it over standard input and output; see <see cref="ChildWorkerSpec"/>.
/// </summary>
internal static class WorkerChildProgram
{
    public const string Command = "worker-child";

    /// <param name="apiKeyVariable">The environment variable that holds the server's token; null = the server wants none.</param>
    public static async Task<int> RunAsync(string? apiKeyVariable)
    {
        // Ctrl-C reaches every process of the terminal; the parent decides when this one stops.
        using var ignored = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);
        var events = Console.Out;
        Console.SetOut(Console.Error);
        var worker = new ChildWorker(Console.In, events, url => new RestConductor(new RestConductorOptions { ServerUrl = url, Credentials = BearerToken.From(apiKeyVariable, Environment.GetEnvironmentVariable) }), new WriterLogger(Console.Error, LogLevel.Warning));
        var exitCode = await worker.RunAsync().ConfigureAwait(false);

        // A method that ran away may hold a foreground thread.
        Environment.Exit(exitCode);
        return exitCode;
    }
}
