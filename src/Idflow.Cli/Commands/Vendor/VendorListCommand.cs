using System.CommandLine;
using System.Text.Json.Nodes;
using Idflow.Pipeline.Resources;

namespace Idflow.Cli.Commands.Vendor;

/// <summary><c>idflow vendor list</c>: every resource with the layer it comes from.</summary>
internal static class VendorListCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var json = GlobalOptions.Json();
        var command = new Command("list", "Lists the layers and every resource with the layer it comes from.") { json };
        command.WithExamples("idflow vendor list", "idflow vendor list --json");
        return command.Does(environment, async context =>
        {
            var resources = (await context.OpenProjectAsync().ConfigureAwait(false)).Resources;
            foreach (var error in resources.Vendors.Errors)
            {
                context.Output.Warn(error.ToString());
            }

            var rows = Rows(resources.Overlay).ToList();
            if (context.Parse.GetValue(json))
            {
                context.Output.Json(new JsonObject
                {
                    ["layers"] = new JsonArray([.. Layers(resources)]),
                    ["files"] = new JsonArray([.. rows.Select(row => new JsonObject { ["path"] = row.File.RelativePath, ["origin"] = row.File.Origin, ["location"] = row.File.Location, ["effective"] = row.IsEffective })]),
                });
                return ExitCodes.Done;
            }

            context.Output.Table(["PATH", "ORIGIN", "FILE", "STATE"], rows.Select(row => (IReadOnlyList<string>)[row.File.RelativePath, row.File.Origin, row.File.Location, row.IsEffective ? "" : "covered"]));
            foreach (var vendor in resources.Vendors.Vendors.Where(vendor => !vendor.Enabled || !vendor.IsAvailable))
            {
                context.Output.Progress($"vendor {vendor.Name} ({vendor.Location}): {(vendor.Enabled ? "not there; fetch it with: idflow vendor fetch " + vendor.Name : "disabled")}");
            }

            return ExitCodes.Done;
        });
    }

    private static IEnumerable<JsonNode> Layers(ProjectResources resources)
    {
        yield return new JsonObject { ["name"] = "core", ["enabled"] = true, ["available"] = true };
        foreach (var vendor in resources.Vendors.Vendors)
        {
            yield return new JsonObject
            {
                ["name"] = $"vendor:{vendor.Name}",
                ["enabled"] = vendor.Enabled,
                ["available"] = vendor.IsAvailable,
                ["priority"] = vendor.Priority,
                ["source"] = vendor.Url ?? vendor.Folder,
            };
        }

        yield return new JsonObject { ["name"] = "project", ["enabled"] = true, ["available"] = true };
    }

    /// <summary>Stage files merge, so all of them count; of the other kinds one layer covers another.</summary>
    private static IEnumerable<(ResourceFile File, bool IsEffective)> Rows(ResourceOverlay overlay)
    {
        var effective = overlay.StageFiles().Concat(overlay.WorkflowFiles()).Concat(overlay.EventHandlerFiles()).Concat(overlay.PromptFiles()).Concat(overlay.TaskFiles())
            .Select(file => (file.Origin, file.RelativePath)).ToHashSet();
        return ResourceOverlay.Kinds
            .SelectMany(kind => overlay.Layers.Reverse().SelectMany(layer => layer.Files(kind)))
            .Where(file => file.Name is not ("README.md" or ".gitkeep"))
            .OrderBy(file => file.RelativePath, StringComparer.Ordinal)
            .Select(file => (file, effective.Contains((file.Origin, file.RelativePath))));
    }
}
