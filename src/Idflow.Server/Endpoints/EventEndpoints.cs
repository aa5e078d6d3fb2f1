using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary><c>/event</c>: event handlers.</summary>
internal sealed class EventEndpoints(IConductor conductor)
{
    public void Map(RouteTable routes)
    {
        routes.Get("/event", "All event handlers.", async call => Answer.Json(await conductor.GetEventHandlersAsync(call.Aborted)))
            .Gives<IReadOnlyList<EventHandlerDef>>();
        routes.Get("/event/{event}", "Handlers of an event.", ForEventAsync).QueryFlag("activeOnly").Gives<IReadOnlyList<EventHandlerDef>>();
        routes.Post("/event", "Stores a new handler.", AddAsync).Takes<EventHandlerDef>();
        routes.Put("/event", "Replaces a handler.", UpdateAsync).Takes<EventHandlerDef>();
        routes.Delete("/event/{name}", "Deletes a handler.", RemoveAsync);
    }

    private async Task<Answer> ForEventAsync(ApiCall call) =>
        Answer.Json(await conductor.GetEventHandlersForEventAsync(call.Path("event"), call.QueryFlag("activeOnly", true), call.Aborted));

    private async Task<Answer> AddAsync(ApiCall call)
    {
        foreach (var handler in await HandlersAsync(call))
        {
            await conductor.AddEventHandlerAsync(handler);
        }

        return Answer.Empty;
    }

    private async Task<Answer> UpdateAsync(ApiCall call)
    {
        foreach (var handler in await HandlersAsync(call))
        {
            await conductor.UpdateEventHandlerAsync(handler);
        }

        return Answer.Empty;
    }

    /// <summary>One handler, or a list as the JavaScript SDK sends it.</summary>
    private static async Task<IReadOnlyList<EventHandlerDef>> HandlersAsync(ApiCall call) =>
        await call.BodyIsListAsync() ? await call.BodyAsync<IReadOnlyList<EventHandlerDef>>() : [await call.BodyAsync<EventHandlerDef>()];

    private async Task<Answer> RemoveAsync(ApiCall call)
    {
        await conductor.RemoveEventHandlerAsync(call.Path("name"));
        return Answer.Empty;
    }
}
