using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary><c>/metadata/taskdefs</c>: task definitions.</summary>
internal sealed class TaskDefEndpoints(IConductor conductor)
{
    public void Map(RouteTable routes)
    {
        routes.Get("/metadata/taskdefs", "All task definitions.", async call => Answer.Json(await conductor.GetTaskDefsAsync(call.Aborted)))
            .Gives<IReadOnlyList<TaskDef>>();
        routes.Get("/metadata/taskdefs/{name}", "A task definition.", async call => Answer.Json(await conductor.GetTaskDefAsync(call.Path("name"), call.Aborted)))
            .Gives<TaskDef>();
        routes.Post("/metadata/taskdefs", "Stores or replaces each.", CreateAsync).Takes<IReadOnlyList<TaskDef>>();
        routes.Put("/metadata/taskdefs", "Replaces one.", UpdateAsync).Takes<TaskDef>();
        routes.Delete("/metadata/taskdefs/{name}", "Deletes one.", DeleteAsync);
    }

    private async Task<Answer> CreateAsync(ApiCall call)
    {
        await conductor.CreateTaskDefsAsync(await call.BodyAsync<IReadOnlyList<TaskDef>>());
        return Answer.Empty;
    }

    private async Task<Answer> UpdateAsync(ApiCall call)
    {
        await conductor.UpdateTaskDefAsync(await call.BodyAsync<TaskDef>());
        return Answer.Empty;
    }

    private async Task<Answer> DeleteAsync(ApiCall call)
    {
        await conductor.DeleteTaskDefAsync(call.Path("name"));
        return Answer.Empty;
    }
}
