using System.CommandLine;

namespace Idflow.Cli.Commands.Vendor;

/// <summary><c>idflow vendor</c>: packages of resources.</summary>
internal static class VendorCommand
{
    public static Command Create(CliEnvironment environment) => new("vendor", "Packages of stages, workflows, prompts and tasks: project over vendors over core.")
    {
        VendorListCommand.Create(environment),
        VendorCopyCommand.Create(environment),
        VendorFetchCommand.Create(environment),
    };
}
