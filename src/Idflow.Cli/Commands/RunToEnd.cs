using Idflow.Cli.Errors;
using Idflow.Cli.Hosting;
using Idflow.Cli.Rendering;

namespace Idflow.Cli.Commands;

/// <summary>Engine and workers until nothing is left to do, with progress and a report: what <c>run</c> and <c>demo</c> share.</summary>
internal static class RunToEnd
{
    /// <returns>The exit code.</returns>
    /// <exception cref="CliException">Interrupted.</exception>
    public static async Task<int> RunAsync(CommandContext context, ProjectSession project, TimeSpan? timeout)
    {
        project.WarnOf(project.Resources.Problems());
        using var signals = StopSignals.For(context);
        var progress = new RunProgress(context.Output, context.Environment.TimeProvider);
        await using var host = await project.StartHostAsync(new HostRequest { Happened = progress.Show }, signals.Stop).ConfigureAwait(false);
        HostReport.Problems(context.Output, host);
        try
        {
            var result = await progress.DuringAsync(host.Fleet.Tracker, () => host.RunToEndAsync(timeout, signals.Stop)).ConfigureAwait(false);
            await host.StopAsync(result.TimedOut ? new CancellationToken(canceled: true) : signals.Hurry).ConfigureAwait(false);
            HostReport.Ended(context.Output, host, result);
            return result.Succeeded ? ExitCodes.Done : ExitCodes.Failed;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            await host.StopAsync(signals.Hurry).ConfigureAwait(false);
            throw new CliException(ExitCodes.Interrupted, "Interrupted; what was accepted is kept.", "Go on with 'idflow run'.");
        }
    }
}
