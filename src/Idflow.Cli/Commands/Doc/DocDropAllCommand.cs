using System.CommandLine;
using System.Globalization;
using Idflow.Cli.Rendering;
using Idflow.Documents;

namespace Idflow.Cli.Commands.Doc;

/// <summary><c>idflow doc drop-all</c>: deletes all documents that match.</summary>
internal static class DocDropAllCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var filter = DocListCommand.Filter();
        var yes = GlobalOptions.Yes();
        var command = new Command("drop-all", "Deletes all documents, or those that match the filters; prints how many.") { filter, yes };
        command.WithExamples("idflow doc drop-all --filter status=archived", "idflow doc drop-all --filter 'tags=scratch' --yes");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var found = await project.Documents.QueryAsync(new DocumentQuery { Filters = context.Parse.GetValue(filter) ?? [] }, context.CancellationToken).ConfigureAwait(false);
            DocumentReport.Problems(context, found.Problems);
            if (found.Documents.Count > 0 && !context.Confirm($"Delete {Counted.Of(found.Documents.Count, "document")} with all they hold?", context.Parse.GetValue(yes)))
            {
                return ExitCodes.Failed;
            }

            foreach (var document in found.Documents)
            {
                await project.Documents.DeleteAsync(document.Id, context.CancellationToken).ConfigureAwait(false);
            }

            context.Output.Line(found.Documents.Count.ToString(CultureInfo.InvariantCulture));
            return ExitCodes.Done;
        });
    }
}
