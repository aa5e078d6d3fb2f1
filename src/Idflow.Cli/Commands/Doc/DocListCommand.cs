using System.CommandLine;
using System.Globalization;
using Idflow.Cli.Errors;
using Idflow.Documents;
using Idflow.Documents.Query;

namespace Idflow.Cli.Commands.Doc;

/// <summary><c>idflow doc list</c>: documents that match, as a table, as values, as JSON, or their number.</summary>
internal static class DocListCommand
{
    private static readonly string[] DefaultColumns = ["id", "status", "title", "stages"];
    private static readonly string[] FilterNames = ["id", "status", "stage", "doc-ref", "file-ref"];
    private static readonly string[] ColumnNames = ["id", "status", "path", "stages"];

    public static Command Create(CliEnvironment environment)
    {
        var filter = Filter();
        var columns = new Option<string[]>("--col") { Description = "Columns, separated by commas: id, status, path, stages, or property names with dots. One column prints its values alone.", HelpName = "k,.." };
        var sort = new Option<string[]>("--sort") { Description = "Properties to sort by, separated by commas; -k sorts descending. Default: by status, then id.", HelpName = "k,-k" };
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
            var shown = Names(context.Parse.GetValue(columns));
            DocumentReport.Problems(context, found.Problems);
            await WarnOfUnknownKeysAsync(context, project, query, shown, found).ConfigureAwait(false);
            if (context.Parse.GetValue(count))
            {
                context.Output.Line(found.Total.ToString(CultureInfo.InvariantCulture));
            }
            else if (context.Parse.GetValue(json))
            {
                context.Output.JsonArray(found.Documents.Select(document => DocumentJson.Of(document, project.PathOf(document))));
            }
            else
            {
                WriteText(context, project, found.Documents, shown);
            }

            return ExitCodes.Done;
        });
    }

    /// <summary>The <c>--filter</c> option.</summary>
    public static Option<string[]> Filter() => DocumentEditOptions.Many("--filter", "EXPR",
        "Only documents for which it holds: key=value (with * ? [..]), key===literal, key=>0.5, key=!x, key=exists, key=~REGEX, tags=x, status=inbox, stage=NAME:done, .. All filters must hold.");

    /// <summary>Keys of filters that found nothing, of the order and of the columns may be mistyped.</summary>
    private static async Task WarnOfUnknownKeysAsync(CommandContext context, ProjectSession project, DocumentQuery query, string[] columns, DocumentQueryResult found)
    {
        var filtered = found.Total > 0 ? [] : query.Filters.Select(filter => filter[..filter.IndexOf('=', StringComparison.Ordinal)]);
        var sorted = query.Sort.Select(key => key.StartsWith('-') ? key[1..] : key);
        var keys = filtered.Concat(sorted).Except(FilterNames).Concat(columns.Except(ColumnNames));
        await DocumentReport.UnknownKeysAsync(context, project, keys, [.. FilterNames, .. ColumnNames], found.Documents).ConfigureAwait(false);
    }

    private static string[] Names(string[]? texts) => [.. (texts ?? []).SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    private static void WriteText(CommandContext context, ProjectSession project, IReadOnlyList<DocumentSummary> documents, string[] columns)
    {
        var shown = columns.Length == 0 ? DefaultColumns : columns;
        var rows = documents.Select(IReadOnlyList<string> (document) => [.. shown.Select(column => Cell(project, document, column))]).ToList();
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

    private static string Cell(ProjectSession project, DocumentSummary document, string column) => column switch
    {
        "id" => document.Id,
        "status" => DocumentStatusText.Of(document.Status),
        "path" => project.PathOf(document) ?? "",
        "stages" => string.Join(' ', document.Stages.GroupBy(stage => stage.StageName).Select(runs => $"{runs.Key}:{runs.MaxBy(run => run.Counter)!.Status.ToString().ToLowerInvariant()}")),
        _ => PropertyPath.TryGet(document.Properties, column, out var value) ? PropertyText.Of(value) : "",
    };
}
