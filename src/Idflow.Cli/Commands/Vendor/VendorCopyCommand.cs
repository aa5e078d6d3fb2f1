using System.CommandLine;
using Idflow.Cli.Errors;
using Idflow.Documents;
using Idflow.Pipeline.Resources;

namespace Idflow.Cli.Commands.Vendor;

/// <summary><c>idflow vendor copy NAME [PATH..]</c>: brings resources into the project, where they can be changed.</summary>
internal static class VendorCopyCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var name = new Argument<string>("NAME") { Description = "core, or the name of a vendor." };
        var paths = new Argument<string[]>("PATH") { Description = "Files or folders, as 'vendor list' shows them. Default: all.", Arity = ArgumentArity.ZeroOrMore };
        var force = new Option<bool>("--force") { Description = "Replaces files that the project has already." };
        var yes = GlobalOptions.Yes();
        var command = new Command("copy", "Copies resources of core or a vendor into the project, where they can be changed.") { name, paths, force, yes };
        command.WithExamples("idflow vendor copy core stages/blog_post_draft.yml", "idflow vendor copy core workflows/research_topic", "idflow vendor copy my-pack");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var layer = Find(project.Resources.Overlay, context.Parse.GetRequiredValue(name));
            var overwrite = context.Parse.GetValue(force);
            if (overwrite && !context.Confirm("Replace the project's own files of the same names?", context.Parse.GetValue(yes)))
            {
                return ExitCodes.Failed;
            }

            var copied = VendorCopier.Copy(layer, project.Root, context.Parse.GetValue(paths) ?? [], overwrite);
            foreach (var file in copied)
            {
                if (file.Existed && !overwrite)
                {
                    context.Output.Warn($"{file.RelativePath} exists and was left alone; --force replaces it");
                }
                else
                {
                    context.Output.Line(file.RelativePath);
                }
            }

            return copied.Any(file => file.Existed && !overwrite) ? ExitCodes.Failed : ExitCodes.Done;
        });
    }

    private static IResourceLayer Find(ResourceOverlay overlay, string name)
    {
        var layers = overlay.Layers.Where(layer => layer.Origin != "project").ToDictionary(layer => layer.Origin.Replace("vendor:", "", StringComparison.Ordinal), StringComparer.Ordinal);
        return layers.TryGetValue(name, out var layer) ? layer
            : throw CliException.NotFound($"There is no vendor '{name}'.", NearestName.Of(name, layers.Keys) is { } nearest ? $"Did you mean '{nearest}'?" : $"There are: {string.Join(", ", layers.Keys)}.");
    }
}
