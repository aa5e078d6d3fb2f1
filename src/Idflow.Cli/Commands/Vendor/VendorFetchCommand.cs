using System.CommandLine;
using Idflow.Pipeline.Resources;

namespace Idflow.Cli.Commands.Vendor;

/// <summary><c>idflow vendor fetch [NAME]</c>: brings git vendors to the state of their repository.</summary>
internal static class VendorFetchCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var name = new Argument<string?>("NAME") { Description = "A vendor. Default: all enabled git vendors.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("fetch", "Fetches git vendors.") { name };
        command.WithExamples("idflow vendor fetch", "idflow vendor fetch my-pack");
        return command.Does(environment, async context =>
        {
            var vendors = (await context.OpenProjectAsync().ConfigureAwait(false)).Resources.Vendors;
            var chosen = context.Parse.GetValue(name) is { } named
                ? [vendors.Get(named)]
                : vendors.Vendors.Where(vendor => vendor is { Enabled: true, Source: VendorSource.Git }).ToList();
            foreach (var vendor in chosen)
            {
                context.Output.Progress($"fetching {vendor.Name} from {vendor.Url}");
                context.Output.Line($"{vendor.Name} {VendorFetcher.Fetch(vendor)}");
            }

            return ExitCodes.Done;
        });
    }
}
