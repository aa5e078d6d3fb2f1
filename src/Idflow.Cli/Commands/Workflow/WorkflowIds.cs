using Idflow.Cli.Errors;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.Cli.Commands.Workflow;

/// <summary>Full ids of executions for shortened ones.</summary>
internal static class WorkflowIds
{
    private const int ShortestPrefix = 4;
    private const int PageSize = 1000;

    /// <summary>Length of a whole id.</summary>
    private const int WholeId = 36;

    /// <exception cref="CliException">3: there is no such execution, none or several executions begin so.</exception>
    public static async Task<string> ResolveAsync(IConductor conductor, string id, CancellationToken cancellationToken)
    {
        if (id.Length >= WholeId)
        {
            return await ExistsAsync(conductor, id, cancellationToken).ConfigureAwait(false) ? id : throw NotFound(id);
        }

        if (id.Length < ShortestPrefix)
        {
            throw CliException.NotFound($"'{id}' is too short for an id.", $"Give at least {ShortestPrefix} characters.");
        }

        var found = new List<string>();
        for (var start = 0; ; start += PageSize)
        {
            var page = await conductor.SearchWorkflowsAsync(new SearchRequest { Start = start, Size = PageSize, Sort = "startTime:DESC" }, cancellationToken).ConfigureAwait(false);
            found.AddRange(page.Results.Select(workflow => workflow.WorkflowId!).Where(known => known.StartsWith(id, StringComparison.Ordinal)));
            if (page.Results.Count < PageSize)
            {
                break;
            }
        }

        return found.Distinct(StringComparer.Ordinal).ToList() switch
        {
            [var one] => one,
            [] => throw NotFound(id),
            var several => throw CliException.NotFound($"{several.Count} executions have an id that begins with '{id}'.", "Give more characters."),
        };
    }

    private static CliException NotFound(string id) =>
        CliException.NotFound($"No execution has the id '{id}'{(id.Length < WholeId ? ", or one that begins so" : "")}.", "See 'idflow workflow runs'.");

    private static async Task<bool> ExistsAsync(IConductor conductor, string id, CancellationToken cancellationToken)
    {
        try
        {
            await conductor.GetWorkflowAsync(id, includeTasks: false, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ConductorException error) when (error.Status == 404)
        {
            return false;
        }
    }
}
