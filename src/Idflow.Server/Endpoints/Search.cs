using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary>What all search endpoints share.</summary>
internal static class Search
{
    public const int LargestWorkflowPage = 5000;

    public static SearchRequest Request(ApiCall call) => new()
    {
        Start = call.QueryInt("start", 0),
        Size = call.QueryInt("size", 100),
        Sort = call.Query("sort"),
        FreeText = call.Query("freeText") ?? "*",
        Query = call.Query("query"),
    };

    /// <summary>The entities behind summaries; those gone in between are left out.</summary>
    public static async Task<IReadOnlyList<TEntity>> ReadAllAsync<TSummary, TEntity>(IReadOnlyList<TSummary> summaries, Func<TSummary, Task<TEntity>> readAsync)
    {
        var entities = new List<TEntity>(summaries.Count);
        foreach (var summary in summaries)
        {
            try
            {
                entities.Add(await readAsync(summary));
            }
            catch (ConductorException exception) when (exception.Status == 404)
            {
            }
        }

        return entities;
    }
}
