using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Storage.Memory;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Engine.Tests.Execution;

/// <summary>Messages across a restart, and how long they wait.</summary>
public sealed class MessageQueueTests
{
    private static readonly WorkflowDef Listening = new()
    {
        Name = "listening",
        OwnerEmail = "ops@example.com",
        Tasks =
        [
            new WorkflowTask { Name = "gate", TaskReferenceName = "gate", Type = TaskTypes.Human },
            new WorkflowTask { Name = "pull", TaskReferenceName = "pull", Type = TaskTypes.PullWorkflowMessages, InputParameters = new JsonObject { ["blocking"] = false, ["batchSize"] = 10 } },
        ],
    };

    private static Task<string?> OpenGateAsync(EmbeddedEngine engine, string id) => engine.UpdateTaskByReferenceAsync(id, "gate", TaskResultStatus.COMPLETED, []);

    private static async Task<string> PulledAsync(EmbeddedEngine engine, string id)
    {
        var workflow = await engine.GetWorkflowAsync(id);
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
        return string.Join(',', workflow.Tasks[1].OutputData["messages"]!.AsArray().Select(message => message!["payload"]!.ToJsonString()));
    }

    [Fact]
    public async Task Messages_survive_a_restart_of_the_engine()
    {
        var directory = Directory.CreateTempSubdirectory("idflow-messages-");
        try
        {
            string id;
            await using (var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = directory.FullName }))
            {
                await engine.CreateWorkflowDefAsync(Listening);
                id = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "listening" });
                await engine.PushMessageAsync(id, new JsonObject { ["n"] = 1 });
            }

            await using var again = await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = directory.FullName });
            await OpenGateAsync(again, id);
            Assert.Equal("""{"n":1}""", await PulledAsync(again, id));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Messages_expire_a_day_after_the_last_one()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { TimeProvider = time }, new InMemoryStore());
        await engine.CreateWorkflowDefAsync(Listening);
        var kept = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "listening" });
        var expired = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "listening" });
        await engine.PushMessageAsync(kept, new JsonObject { ["n"] = 1 });
        await engine.PushMessageAsync(expired, new JsonObject { ["n"] = 1 });
        time.Advance(TimeSpan.FromHours(20));
        await engine.PushMessageAsync(kept, new JsonObject { ["n"] = 2 });
        time.Advance(TimeSpan.FromHours(5));

        await OpenGateAsync(engine, kept);
        await OpenGateAsync(engine, expired);

        Assert.Equal("""{"n":1},{"n":2}""", await PulledAsync(engine, kept));
        Assert.Equal("", await PulledAsync(engine, expired));
    }
}
