using System.CommandLine;
using Idflow.Cli.Hosting;
using Idflow.Cli.Rendering;

namespace Idflow.Cli.Commands;

/// <summary><c>idflow up</c>: the engine's REST API and the workers, until Ctrl-C drains them.</summary>
internal static class UpCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var urls = new Option<string>("--urls") { Description = "Where to listen; several separated by ';'. Port 0 takes a free one.", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
        var noWorkers = new Option<bool>("--no-workers") { Description = "The engine alone; workers elsewhere poll its REST API." };
        var command = new Command("up", "Serves the engine (Conductor's REST API at URL/api) and runs workers, until Ctrl-C.") { urls, noWorkers };
        command.WithExamples("idflow up", "idflow up --urls http://127.0.0.1:0", "idflow up --no-workers --urls 'http://127.0.0.1:9000;http://[::1]:9000'");
        return command.Does(environment, context => RunAsync(context, context.Parse.GetRequiredValue(urls), context.Parse.GetValue(noWorkers)));
    }

    private static async Task<int> RunAsync(CommandContext context, string urls, bool noWorkers)
    {
        using var signals = StopSignals.For(context);
        var project = await context.OpenProjectAsync().ConfigureAwait(false);
        project.WarnOf(project.Resources.Problems());
        if (!noWorkers)
        {
            await Workflow.ServedTasks.WarnOfOthersAsync(project, project.Resources.Workflows.Workflows, signals.Stop).ConfigureAwait(false);
        }

        var progress = new RunProgress(context.Output, context.Environment.TimeProvider);
        var request = new HostRequest { Urls = urls, MustOwn = true, WatchDocuments = true, RunWorkers = !noWorkers, Happened = progress.Show };
        await using var host = await project.StartHostAsync(request, signals.Stop).ConfigureAwait(false);
        HostReport.Started(context.Output, host);
        await progress.DuringAsync(host.Fleet.Tracker, async () =>
        {
            await host.ServeAsync(change => HostReport.Changed(context.Output, change), signals.Stop).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        await host.StopAsync(signals.Hurry).ConfigureAwait(false);
        return ExitCodes.Done;
    }
}
