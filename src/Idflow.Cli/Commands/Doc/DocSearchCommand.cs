using System.CommandLine;
using System.Text.Json.Nodes;

namespace Idflow.Cli.Commands.Doc;

/// <summary><c>idflow doc search</c>: full text over bodies and results.</summary>
internal static class DocSearchCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var words = new Argument<string[]>("WORDS") { Description = "The words; all must occur.", Arity = ArgumentArity.OneOrMore };
        var limit = new Option<int>("--limit") { Description = "Most hits.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var json = GlobalOptions.Json();
        var command = new Command("search", "Searches the texts of documents and results; best hits first.") { words, limit, json };
        command.WithExamples("idflow doc search tripoli tribute", "idflow doc search squadron --limit 5 --json");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var hits = await project.Documents.SearchAsync(string.Join(' ', context.Parse.GetRequiredValue(words)), context.Parse.GetValue(limit), context.CancellationToken).ConfigureAwait(false);
            if (context.Parse.GetValue(json))
            {
                context.Output.Json(new JsonArray([.. hits.Select(hit => new JsonObject
                {
                    ["id"] = hit.DocumentId,
                    ["result"] = hit.Result,
                    ["snippet"] = hit.Snippet,
                    ["score"] = hit.Score,
                })]));
                return ExitCodes.Done;
            }

            foreach (var hit in hits)
            {
                context.Output.Line(hit.Result is null ? hit.DocumentId : $"{hit.DocumentId} {hit.Result}");
                context.Output.Line($"    {hit.Snippet.ReplaceLineEndings(" ")}");
            }

            return ExitCodes.Done;
        });
    }
}
