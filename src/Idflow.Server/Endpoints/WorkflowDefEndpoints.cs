using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Definitions;
using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary><c>/metadata/workflow</c>: workflow definitions.</summary>
internal sealed class WorkflowDefEndpoints(IConductor conductor)
{
    public void Map(RouteTable routes)
    {
        routes.Get("/metadata/workflow", "All versions of all definitions.", AllAsync).Query("classifier").Gives<IReadOnlyList<WorkflowDef>>();
        routes.Get("/metadata/workflow/{name}", "A definition; the highest version unless one is given.", GetAsync).QueryInt("version").Gives<WorkflowDef>();
        routes.Post("/metadata/workflow", "Stores a new definition.", CreateAsync).QueryFlag("overwrite").Takes<WorkflowDef>();
        routes.Put("/metadata/workflow", "Stores or replaces definitions.", UpdateAsync).Takes<IReadOnlyList<WorkflowDef>>().Gives<BulkResponse>();
        routes.Post("/metadata/workflow/validate", "Checks a definition.", ValidateAsync).Takes<WorkflowDef>();
        routes.Delete("/metadata/workflow/{name}/{version}", "Deletes one version.", DeleteAsync);
        routes.Get("/metadata/workflow/names-and-versions", "Versions per name.", NamesAndVersionsAsync)
            .Gives<IReadOnlyDictionary<string, IReadOnlyList<VersionOfDef>>>();
        routes.Get("/metadata/workflow/names", "Names.", NamesAsync).Gives<IReadOnlyList<string>>();
        routes.Get("/metadata/workflow/{name}/versions", "Versions of one name.", VersionsAsync).Gives<IReadOnlyList<VersionOfDef>>();
        routes.Get("/metadata/workflow/latest-versions", "The highest version of each name.", LatestAsync).Gives<IReadOnlyList<WorkflowDef>>();
    }

    private async Task<Answer> AllAsync(ApiCall call)
    {
        var definitions = await conductor.GetWorkflowDefsAsync(call.Aborted);
        var wanted = call.QueryList("classifier");
        return Answer.Json(wanted.Count == 0 ? definitions : definitions.Where(definition => wanted.Contains(Classifier.Of(definition) ?? Classifier.Default)).ToList());
    }

    private async Task<Answer> GetAsync(ApiCall call) =>
        Answer.Json(await conductor.GetWorkflowDefAsync(call.Path("name"), call.QueryInt("version"), call.Aborted));

    private async Task<Answer> CreateAsync(ApiCall call)
    {
        await conductor.CreateWorkflowDefAsync(await call.BodyAsync<WorkflowDef>(), call.QueryFlag("overwrite", false));
        return Answer.Empty;
    }

    private async Task<Answer> UpdateAsync(ApiCall call) => Answer.Json(await conductor.UpdateWorkflowDefsAsync(await call.BodyAsync<IReadOnlyList<WorkflowDef>>()));

    private async Task<Answer> ValidateAsync(ApiCall call)
    {
        await conductor.ValidateWorkflowDefAsync(await call.BodyAsync<WorkflowDef>());
        return Answer.Empty;
    }

    private async Task<Answer> DeleteAsync(ApiCall call)
    {
        // SDKs ask for /tags and the like here, which this server does not have.
        var version = int.TryParse(call.Path("version"), out var number)
            ? number
            : throw ConductorException.NotFound($"No version '{call.Path("version")}' of workflow {call.Path("name")}: a version is a whole number");
        await conductor.DeleteWorkflowDefAsync(call.Path("name"), version);
        return Answer.Empty;
    }

    private async Task<Answer> NamesAndVersionsAsync(ApiCall call) =>
        Answer.Json((await ByNameAsync(call)).ToDictionary(group => group.Key, group => group.Select(VersionOfDef.Of).ToList()));

    private async Task<Answer> NamesAsync(ApiCall call) => Answer.Json((await ByNameAsync(call)).Select(group => group.Key).ToList());

    private async Task<Answer> VersionsAsync(ApiCall call)
    {
        var name = call.Path("name");
        var definitions = await conductor.GetWorkflowDefsAsync(call.Aborted);
        return Answer.Json(definitions.Where(definition => definition.Name == name).OrderBy(definition => definition.Version).Select(VersionOfDef.Of).ToList());
    }

    private async Task<Answer> LatestAsync(ApiCall call) => Answer.Json((await ByNameAsync(call)).Select(group => group.MaxBy(definition => definition.Version)!).ToList());

    private async Task<List<IGrouping<string, WorkflowDef>>> ByNameAsync(ApiCall call) =>
        (await conductor.GetWorkflowDefsAsync(call.Aborted)).OrderBy(definition => definition.Version).GroupBy(definition => definition.Name!)
        .OrderBy(group => group.Key, StringComparer.Ordinal).ToList();

    internal sealed record VersionOfDef(string Name, int Version, long CreateTime, long? UpdateTime)
    {
        public static VersionOfDef Of(WorkflowDef definition) => new(definition.Name!, definition.Version, definition.CreateTime ?? 0, definition.UpdateTime);
    }
}
