using Idflow.Documents;
using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Cli.Commands.Doc;

/// <summary>What a listing tells on stderr beside its result.</summary>
internal static class DocumentReport
{
    /// <summary>Tells of files that cannot be read, or that disagree with their folder.</summary>
    public static void Problems(CommandContext context, IEnumerable<DocumentProblem> problems)
    {
        foreach (var problem in problems)
        {
            context.Output.Warn(problem.Line > 0 ? $"{problem.Path}:{problem.Line}: {problem.Message}" : $"{problem.Path}: {problem.Message}");
        }
    }

    /// <summary>Tells of keys that may be mistyped, because no document of the project has them.</summary>
    /// <param name="context">The command.</param>
    /// <param name="project">The project.</param>
    /// <param name="keys">Property paths: of filters that found nothing, of an order, of columns.</param>
    /// <param name="special">Names that stand for something else in these places; they are offered too.</param>
    /// <param name="listed">What was found: a key that one of these has is known.</param>
    public static async Task UnknownKeysAsync(CommandContext context, ProjectSession project, IEnumerable<string> keys, IReadOnlyList<string> special, IReadOnlyList<DocumentSummary> listed)
    {
        var open = keys.Distinct(StringComparer.Ordinal).Where(key => !HasAny(listed, key)).ToList();
        if (open.Count == 0)
        {
            return;
        }

        var all = (await project.Documents.QueryAsync(new DocumentQuery(), context.CancellationToken).ConfigureAwait(false)).Documents;
        if (all.Count == 0)
        {
            return;
        }

        var known = PropertyNames.Of(all.Select(document => document.Properties)).Union(special).ToList();
        foreach (var key in open.Where(key => !HasAny(all, key)))
        {
            Unknown(context, $"no document has a property '{key}'", key, known);
        }
    }

    /// <summary>A warning that offers the nearest known name.</summary>
    public static void Unknown(CommandContext context, string message, string name, IEnumerable<string> known) =>
        context.Output.Warn($"{message}.{(NearestName.Of(name, known.Where(other => other != name)) is { } nearest ? $" Did you mean '{nearest}'?" : "")}");

    private static bool HasAny(IReadOnlyList<DocumentSummary> documents, string key) => documents.Any(document => PropertyPath.TryGet(document.Properties, key, out _));
}
