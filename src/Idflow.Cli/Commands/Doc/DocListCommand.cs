using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Idflow.Cli.Errors;
using Idflow.Documents;
using Idflow.Documents.Query;

namespace Idflow.Cli.Commands.Doc;

/// <summary><c>idflow doc list</c>: documents that match, as a table, as values, as JSON, or their number.</summary>
internal static class DocListCommand
{
    private static readonly string[] DefaultColumns = ["id", "status", "title", "stages"];
    private static readonly string[] SpecialKeys = ["id", "status", "stage", "doc-ref", "file-ref"];

    public static Command Create(CliEnvironment environment)
    {
        var filter = Filter();
        var columns = new Option<string?>("--col") { Description = "Columns, separated by commas: id, status, path, stages, or property names with dots. One column prints its values alone.", HelpName = "k,.." };
        var sort = new Option<string?>("--sort") { Description = "Properties to sort by, separated by commas; -k sorts descending. Default: by status, then id.", HelpName = "k,-k" };
        var limit = new Option<int?>("--limit") { Description = "Most documents to list.", HelpName = "N" };
        var count = new Option<bool>("--count") { Description = "Only the number of matches." };
        var json = GlobalOptions.Json();
        var command = new Command("list", "Lists documents.") { filter, columns, sort, limit, count, json };
        command.Aliases.Add("ls");
        command.WithExamples(
            "idflow doc list --filter status=inbox --filter 'priority=>0.5' --sort -priority",
            "idflow doc list --filter stage=blog_post_draft:done --col id",
            "idflow doc list --json");
        return command.Does(environment, async context =>
        {
            if (context.Parse.GetValue(limit) is < 0)
            {
                throw CliException.Usage("--limit must not be negative.");
            }

            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var query = new DocumentQuery { Filters = context.Parse.GetValue(filter) ?? [], Sort = Names(context.Parse.GetValue(sort)), Limit = context.Parse.GetValue(count) ? 0 : context.Parse.GetValue(limit) };
            var found = await project.Documents.QueryAsync(query, context.CancellationToken).ConfigureAwait(false);
            Report(context, found.Problems);
            if (found.Total == 0 && query.Filters.Count > 0)
            {
                await WarnOfUnknownKeysAsync(context, project, query.Filters).ConfigureAwait(false);
            }

            if (context.Parse.GetValue(count))
            {
                context.Output.Line(found.Total.ToString(CultureInfo.InvariantCulture));
            }
            else if (context.Parse.GetValue(json))
            {
                await WriteJsonAsync(context, project, found.Documents).ConfigureAwait(false);
            }
            else
            {
                await WriteTextAsync(context, project, found.Documents, Names(context.Parse.GetValue(columns))).ConfigureAwait(false);
            }

            return ExitCodes.Done;
        });
    }

    /// <summary>The <c>--filter</c> option.</summary>
    public static Option<string[]> Filter() => DocumentEditOptions.Many("--filter", "EXPR",
        "Only documents for which it holds: key=value (with * ? [..]), key===literal, key=>0.5, key=!x, key=exists, key=~REGEX, tags=x, status=inbox, stage=NAME:done, .. All filters must hold.");

    /// <summary>Tells of files that cannot be read, or that disagree with their folder.</summary>
    public static void Report(CommandContext context, IEnumerable<DocumentProblem> problems)
    {
        foreach (var problem in problems)
        {
            context.Output.Warn(problem.Line > 0 ? $"{problem.Path}:{problem.Line}: {problem.Message}" : $"{problem.Path}: {problem.Message}");
        }
    }

    /// <summary>Nothing was found: a filter on a property that no document has may be mistyped.</summary>
    private static async Task WarnOfUnknownKeysAsync(CommandContext context, ProjectSession project, IReadOnlyList<string> filters)
    {
        var all = (await project.Documents.QueryAsync(new DocumentQuery(), context.CancellationToken).ConfigureAwait(false)).Documents;
        var names = all.SelectMany(document => document.Properties.Keys).Distinct(StringComparer.Ordinal).ToList();
        foreach (var key in filters.Select(filter => filter[..filter.IndexOf('=', StringComparison.Ordinal)]).Except(SpecialKeys))
        {
            if (!all.Any(document => PropertyPath.TryGet(document.Properties, key, out _)))
            {
                context.Output.Warn($"no document has a property '{key}'." + (NearestName.Of(key, names) is { } nearest ? $" Did you mean '{nearest}'?" : ""));
            }
        }
    }

    private static string[] Names(string? text) => text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static async Task WriteJsonAsync(CommandContext context, ProjectSession project, IReadOnlyList<DocumentSummary> documents)
    {
        var items = new JsonArray();
        foreach (var document in documents)
        {
            items.Add(DocumentJson.Of(document, await project.PathOfAsync(document.Id).ConfigureAwait(false)));
        }

        context.Output.Json(items);
    }

    private static async Task WriteTextAsync(CommandContext context, ProjectSession project, IReadOnlyList<DocumentSummary> documents, string[] columns)
    {
        var shown = columns.Length == 0 ? DefaultColumns : columns;
        var rows = new List<IReadOnlyList<string>>();
        foreach (var document in documents)
        {
            var path = shown.Contains("path") ? await project.PathOfAsync(document.Id).ConfigureAwait(false) : null;
            rows.Add([.. shown.Select(column => Cell(document, column, path))]);
        }

        if (columns.Length == 1)
        {
            rows.ForEach(row => context.Output.Line(row[0]));
        }
        else if (rows.Count > 0)
        {
            context.Output.Table([.. shown.Select(name => name.ToUpperInvariant())], rows);
        }
        else
        {
            context.Output.Progress("No documents found.");
        }
    }

    private static string Cell(DocumentSummary document, string column, string? path) => column switch
    {
        "id" => document.Id,
        "status" => DocumentStatusText.Of(document.Status),
        "path" => path ?? "",
        "stages" => string.Join(' ', document.Stages.GroupBy(stage => stage.StageName).Select(runs => $"{runs.Key}:{runs.MaxBy(run => run.Counter)!.Status.ToString().ToLowerInvariant()}")),
        _ => PropertyPath.TryGet(document.Properties, column, out var value) ? PropertyText.Of(value) : "",
    };
}
