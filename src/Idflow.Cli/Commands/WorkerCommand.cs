using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Idflow.Cli.Errors;
using Idflow.Cli.Hosting;
using Idflow.Cli.Rendering;
using Idflow.Conductor.Model;
using Idflow.Documents;

namespace Idflow.Cli.Commands;

/// <summary><c>idflow worker</c>: worker processes.</summary>
internal static class WorkerCommand
{
    public static Command Create(CliEnvironment environment) => new("worker", "Worker processes: list those that poll, start one more.")
    {
        List(environment),
        Start(environment),
    };

    private static Command List(CliEnvironment environment)
    {
        var json = GlobalOptions.Json();
        var command = new Command("list", "Lists the workers that polled the engine, and the tasks they serve.") { json };
        command.WithExamples("idflow worker list", "idflow worker list --json");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var engine = await project.Engine.OpenAsync(context.CancellationToken, mayOpen: false).ConfigureAwait(false);
            var polls = await engine.Conductor.GetPollDataAsync(null, context.CancellationToken).ConfigureAwait(false);
            var workers = polls.GroupBy(p => p.WorkerId ?? "").OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
            if (context.Parse.GetValue(json))
            {
                context.Output.Json(new JsonArray([.. workers.Select(ToJson)]));
            }
            else
            {
                context.Output.Table(["WORKER", "LAST POLL", "TASKS"], workers.Select(g => (IReadOnlyList<string>)[g.Key, LastPoll(g).ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), string.Join(",", Tasks(g))]));
            }

            return ExitCodes.Done;
        });
    }

    private static Command Start(CliEnvironment environment)
    {
        var tasks = new Option<string?>("--tasks") { Description = "Only these, separated by commas. Default: all.", HelpName = "a,b" };
        var workers = new Option<int?>("--workers") { Description = "Tasks of one type at once. Default: as each task says.", HelpName = "N" };
        workers.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, out var n) && n is >= 1 and <= 1000))
            {
                result.AddError($"--workers: '{result.Tokens[0].Value}' is not a number from 1 to 1000.");
            }
        });
        var command = new Command("start", "Runs workers against the engine that is up, or the configured server, until Ctrl-C.") { tasks, workers };
        command.WithExamples("idflow worker start", "idflow worker start --tasks keyword_extract,my_task --workers 4");
        return command.Does(environment, context => StartAsync(context, Split(context.Parse.GetValue(tasks)), context.Parse.GetValue(workers)));
    }

    private static async Task<int> StartAsync(CommandContext context, IReadOnlyCollection<string> names, int? workers)
    {
        using var signals = StopSignals.For(context);
        var project = await context.OpenProjectAsync().ConfigureAwait(false);
        var known = await project.LoadTasksAsync(signals.Stop).ConfigureAwait(false);
        if (names.Except(known.Names).FirstOrDefault() is { } unknown)
        {
            throw CliException.NotFound($"There is no task '{unknown}' to serve.", NearestName.Of(unknown, known.Names) is { } nearest ? $"Did you mean '{nearest}'?" : "See 'idflow tasks list'.");
        }

        var progress = new RunProgress(context.Output, context.Environment.TimeProvider);
        var request = new HostRequest { MayOpenEngine = false, TaskNames = names, Concurrency = workers, Happened = progress.Show };
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

    private static string[] Split(string? names) => names?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static IEnumerable<string> Tasks(IEnumerable<PollData> polls) => polls.Select(p => p.QueueName!).Order(StringComparer.Ordinal);

    private static DateTimeOffset LastPoll(IEnumerable<PollData> polls) => DateTimeOffset.FromUnixTimeMilliseconds(polls.Max(p => p.LastPollTime));

    private static JsonNode ToJson(IGrouping<string, PollData> worker) => new JsonObject
    {
        ["worker"] = worker.Key,
        ["lastPoll"] = LastPoll(worker).ToString("O", CultureInfo.InvariantCulture),
        ["tasks"] = new JsonArray([.. Tasks(worker).Select(t => (JsonNode)t)]),
    };
}
