using System.CommandLine;
using System.Text.Json.Nodes;
using Idflow.Cli.Errors;
using Idflow.Engine.Storage;

namespace Idflow.Cli.Commands.EngineData;

/// <summary><c>idflow engine info</c>: what the engine's folder holds.</summary>
internal static class EngineInfoCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var json = GlobalOptions.Json();
        var command = new Command("info", "Shows what the engine holds, how large it is, and whether it is up.") { json };
        command.WithExamples("idflow engine info", "idflow engine info --json");
        return command.Does(environment, async context =>
        {
            var folder = await EngineCommand.FolderAsync(context).ConfigureAwait(false);
            EngineInfo info;
            try
            {
                info = EngineInfo.Read(folder);
            }
            catch (FileNotFoundException e)
            {
                throw new CliException(ExitCodes.NotFound, e.Message, "It comes to be with the first workflow.", e);
            }

            if (context.Parse.GetValue(json))
            {
                context.Output.Json(Json(folder, info));
                return ExitCodes.Done;
            }

            context.Output.Table(["WHAT", "VALUE"],
            [
                ["folder", folder],
                ["up", info.IsOwned ? info.Url ?? "held by a command" : "no"],
                ["schema", $"{info.SchemaVersion}"],
                ["database", Size(info.DatabaseBytes)],
                ["payload files", $"{info.PayloadFiles} ({Size(info.PayloadBytes)})"],
                .. info.Workflows.OrderBy(entry => entry.Key).Select(entry => (IReadOnlyList<string>)[$"workflows {entry.Key}", $"{entry.Value}"]),
            ]);
            return ExitCodes.Done;
        });
    }

    private static JsonObject Json(string folder, EngineInfo info) => new()
    {
        ["folder"] = folder,
        ["up"] = info.IsOwned,
        ["url"] = info.Url,
        ["schema"] = info.SchemaVersion,
        ["databaseBytes"] = info.DatabaseBytes,
        ["payloadFiles"] = info.PayloadFiles,
        ["payloadBytes"] = info.PayloadBytes,
        ["workflows"] = new JsonObject(info.Workflows.OrderBy(entry => entry.Key).Select(entry => KeyValuePair.Create(entry.Key.ToString(), (JsonNode?)entry.Value))),
    };

    private static string Size(long bytes) => bytes < 10_000_000 ? $"{bytes / 1000.0:0.#} kB" : $"{bytes / 1_000_000.0:0.#} MB";
}
