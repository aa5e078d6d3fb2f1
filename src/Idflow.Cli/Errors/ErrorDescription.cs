using Idflow.Conductor;
using Idflow.Documents;
using Idflow.Engine.Storage;
using Idflow.Pipeline;
using Idflow.Pipeline.Config;

namespace Idflow.Cli.Errors;

/// <summary>The one place where an exception becomes a sentence, a hint and an exit code.</summary>
internal sealed record ErrorDescription(int ExitCode, string Message, string? Hint)
{
    public static ErrorDescription Of(Exception error) => error switch
    {
        CliException cli => new(cli.ExitCode, cli.Message, cli.Hint),
        OperationCanceledException => new(ExitCodes.Interrupted, "Interrupted.", null),
        DocumentNotFoundException => new(ExitCodes.NotFound, error.Message, null),
        FilterException => new(ExitCodes.Usage, error.Message, FilterHint(error.Message)),
        DocumentNameException => new(ExitCodes.Usage, error.Message, null),
        UnknownNameException or ProjectNotFoundException => new(ExitCodes.NotFound, error.Message, null),
        DefinitionException => new(ExitCodes.ProjectDamaged, error.Message, null),
        PipelineException => new(ExitCodes.Failed, error.Message, null),
        DocumentException => new(ExitCodes.ProjectDamaged, error.Message, null),
        ConductorUnavailableException away => new(ExitCodes.EngineUnreachable, away.Message, "Check conductor.server_url in config/idflow.yml, or start the server."),
        ConductorException conductor => new(conductor.Status == 404 ? ExitCodes.NotFound : ExitCodes.Failed, WithChecks(conductor), null),
        EngineStoreException => new(ExitCodes.ProjectDamaged, error.Message, null),
        UnauthorizedAccessException or IOException => new(ExitCodes.ProjectDamaged, error.Message, "Check the permissions and the free space of the project folder."),
        _ => new(ExitCodes.Failed, $"Unexpected error: {error.Message}", "Run again with --verbose for the details, and please report it."),
    };

    private static string? FilterHint(string message) =>
        message.StartsWith("filter ", StringComparison.Ordinal) ? "See 'idflow doc list --help' for the filter language." : null;

    private static string WithChecks(ConductorException error) => error.ValidationErrors.Count == 0
        ? error.Message
        : error.Message + string.Concat(error.ValidationErrors.Select(check => $"\n  {check.Path}: {check.Message}"));
}
