using Idflow.Cli.Errors;
using Idflow.Pipeline;
using Idflow.Pipeline.Resources;

namespace Idflow.Cli.Commands.Workflow;

/// <summary>Finds definitions by NAME or FILE.</summary>
internal static class WorkflowSelection
{
    /// <summary>The definition in a JSON file (an argument that ends in <c>.json</c> or has a path), else the project's of that name.</summary>
    public static WorkflowResource One(CommandContext context, ProjectResources resources, string nameOrFile)
    {
        if (!nameOrFile.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !nameOrFile.Contains('/', StringComparison.Ordinal))
        {
            return resources.Workflows.Get(nameOrFile);
        }

        var path = Path.GetFullPath(nameOrFile, context.Environment.WorkingDirectory);
        if (!File.Exists(path))
        {
            throw CliException.NotFound($"The file {nameOrFile} does not exist.");
        }

        try
        {
            return new WorkflowResource(DefinitionJson.ReadWorkflow(File.ReadAllText(path), nameOrFile), "file", nameOrFile);
        }
        catch (DefinitionException error)
        {
            throw new CliException(ExitCodes.Failed, error.Message, innerException: error);
        }
    }
}
