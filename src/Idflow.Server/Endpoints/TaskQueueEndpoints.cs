using System.Globalization;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary><c>/tasks/queue</c>: how much waits, and who polled last.</summary>
internal sealed class TaskQueueEndpoints(IConductor conductor)
{
    /// <summary>Conductor names its queue shards with letters; there is one here.</summary>
    private const string OnlyShard = "a";

    public void Map(RouteTable routes)
    {
        routes.Get("/tasks/queue/all", "Waiting tasks per queue.", AllAsync).Gives<IReadOnlyDictionary<string, long>>();
        routes.Get("/tasks/queue/all/verbose", "Waiting tasks per queue and shard.", AllVerboseAsync)
            .Gives<IReadOnlyDictionary<string, Dictionary<string, ShardSize>>>();
        routes.Get("/tasks/queue/polldata/all", "When workers last polled.", async call => Answer.Json(await conductor.GetPollDataAsync(null, call.Aborted)))
            .Gives<IReadOnlyList<PollData>>();
        routes.Get("/tasks/queue/polldata", "When workers last polled for a type.", PollDataAsync).Query("taskType").Gives<IReadOnlyList<PollData>>();
        routes.Get("/tasks/queue/sizes", "Waiting tasks of several types.", SizesAsync).Query("taskType").Gives<IReadOnlyDictionary<string, long>>();
        routes.Get("/tasks/queue/size", "Waiting tasks of one type.", SizeAsync)
            .Query("taskType", "domain", "isolationGroupId", "executionNamespace").Gives<long>();
        routes.Post("/tasks/queue/requeue/{taskType}", "Puts open tasks of a type back into their queue; answers how many.", RequeueAsync).Gives<string>();
    }

    private async Task<Answer> AllAsync(ApiCall call) => Answer.Json(await conductor.GetAllQueueSizesAsync(call.Aborted));

    private async Task<Answer> AllVerboseAsync(ApiCall call)
    {
        var sizes = await conductor.GetAllQueueSizesAsync(call.Aborted);
        return Answer.Json(sizes.ToDictionary(queue => queue.Key, queue => new Dictionary<string, ShardSize> { [OnlyShard] = new(queue.Value, 0) }));
    }

    private async Task<Answer> PollDataAsync(ApiCall call) => Answer.Json(await conductor.GetPollDataAsync(call.RequiredQuery("taskType"), call.Aborted));

    private async Task<Answer> SizesAsync(ApiCall call)
    {
        call.RequiredQuery("taskType");
        var sizes = new Dictionary<string, long>();
        foreach (var type in call.QueryList("taskType"))
        {
            sizes[type] = await conductor.GetQueueSizeAsync(type, null, call.Aborted);
        }

        return Answer.Json(sizes);
    }

    private async Task<Answer> SizeAsync(ApiCall call) =>
        Answer.Json(await conductor.GetQueueSizeAsync(call.RequiredQuery("taskType"), call.Query("domain"), call.Aborted));

    private async Task<Answer> RequeueAsync(ApiCall call) =>
        Answer.Text((await conductor.RequeuePendingTasksAsync(call.Path("taskType"))).ToString(CultureInfo.InvariantCulture));

    internal sealed record ShardSize(long Size, long Uacked);
}
