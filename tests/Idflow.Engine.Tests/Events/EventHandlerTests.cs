using System.Text.Json.Nodes;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Memory;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Events;

/// <summary>What the handlers of an event do with a message: which of them, each action, and each of them once.</summary>
public sealed class EventHandlerTests
{
    private static readonly string[] Definitions =
    [
        """{"name":"teller","tasks":[{"name":"tell","taskReferenceName":"tell","type":"EVENT","sink":"conductor:told","inputParameters":{"given":"${workflow.input.given}"}}]}""",
        """{"name":"started","version":1,"tasks":[{"name":"old","taskReferenceName":"w"}]}""",
        """{"name":"started","version":2,"tasks":[{"name":"new","taskReferenceName":"w"}]}""",
        """{"name":"waiting","variables":{"kept":"k","list":[1]},"tasks":[{"name":"h","taskReferenceName":"h","type":"HUMAN"}]}""",
        """{"name":"looping","tasks":[{"name":"l","taskReferenceName":"l","type":"DO_WHILE","loopCondition":"false","loopOver":[{"name":"h","taskReferenceName":"h","type":"HUMAN"}]}]}""",
    ];

    private static async Task<EmbeddedEngine> OpenAsync(string handler, IEngineStore? store = null)
    {
        var engine = await EmbeddedEngine.OpenAsync(new EngineOptions(), store ?? new InMemoryStore());
        await engine.UpdateWorkflowDefsAsync([.. Definitions.Select(json => ConductorJson.Deserialize<WorkflowDef>(json)! with { OwnerEmail = "a@example.com" })]);
        var json = (JsonObject)JsonNode.Parse(handler)!;
        json["name"] = "handler";
        json["event"] = "conductor:teller:told";
        json["active"] ??= true;
        await engine.AddEventHandlerAsync(ConductorJson.Deserialize<EventHandlerDef>(json)!);
        return engine;
    }

    /// <summary>Publishes a message, and waits until it has been dealt with.</summary>
    private static async Task TellAsync(EmbeddedEngine engine, JsonNode given, JsonObject? taskToDomain = null)
    {
        await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "teller", Input = new JsonObject { ["given"] = given }, TaskToDomain = taskToDomain ?? [] });
        await Until.HoldsAsync(() => !engine.HasOpenEffects);
    }

    private static Task<string> StartAsync(EmbeddedEngine engine, string name) => engine.StartWorkflowAsync(new StartWorkflowRequest { Name = name });

    private static async Task<IReadOnlyList<Workflow>> StartedAsync(EmbeddedEngine engine)
    {
        var found = await engine.SearchWorkflowsAsync(new SearchRequest { Query = "workflowType = 'started'", Size = 10 });
        return await Task.WhenAll(found.Results.Select(summary => engine.GetWorkflowAsync(summary.WorkflowId!)));
    }

    [Fact]
    public async Task A_start_has_the_version_the_domains_of_the_message_and_says_where_it_comes_from()
    {
        await using var engine = await OpenAsync("""{"actions":[{"action":"start_workflow","start_workflow":{"name":"started","version":1,"correlationId":"${given}","input":{"g":"${given}"}}}]}""");

        await TellAsync(engine, "x", new JsonObject { ["old"] = "blue" });

        var started = Assert.Single(await StartedAsync(engine));
        Assert.Equal((1, "x", "conductor:teller:told", "blue"), (started.WorkflowVersion, started.CorrelationId, started.Event, started.Tasks.Single().Domain));
        Assert.Equal(("x", "conductor:teller:told"), ((string?)started.Input["g"], (string?)started.Input["conductor.event.name"]));
    }

    [Theory]
    [InlineData("""{"active":false,""", 0)]
    [InlineData("""{"condition":"$.given == 'y'",""", 0)]
    [InlineData("""{"condition":"$.given.none.none",""", 0)]
    [InlineData("""{"condition":"$.given == 'x'",""", 1)]
    [InlineData("""{"condition":"given","evaluatorType":"value-param",""", 0)]
    public async Task Only_active_handlers_whose_condition_holds_act(string handler, int starts)
    {
        await using var engine = await OpenAsync(handler + """ "actions":[{"action":"start_workflow","start_workflow":{"name":"started"}}]}""");
        await TellAsync(engine, "x");
        Assert.Equal(starts, (await StartedAsync(engine)).Count);
    }

    [Theory]
    [InlineData("complete_task", TaskExecutionStatus.COMPLETED)]
    [InlineData("fail_task", TaskExecutionStatus.FAILED)]
    public async Task A_task_is_ended_by_its_reference_name_also_in_a_loop(string action, TaskExecutionStatus status)
    {
        await using var engine = await OpenAsync($$$$"""{"actions":[{"action":"{{{{action}}}}","{{{{action}}}}":{"workflowId":"${given}","taskRefName":"h","output":{"o":1},"reasonForIncompletion":"because"}}]}""");
        var id = await StartAsync(engine, "looping");

        await TellAsync(engine, id);

        var task = (await engine.GetWorkflowAsync(id)).Tasks.Single(task => task.TaskType == TaskTypes.Human);
        Assert.Equal((status, "because", 1), (task.Status, task.ReasonForIncompletion, (int?)task.OutputData["o"]));
    }

    [Fact]
    public async Task A_task_is_ended_by_its_id_alone()
    {
        await using var engine = await OpenAsync("""{"actions":[{"action":"complete_task","complete_task":{"taskId":"${given}"}}]}""");
        var id = await StartAsync(engine, "waiting");

        await TellAsync(engine, (await engine.GetWorkflowAsync(id)).Tasks.Single().TaskId!);

        Assert.Equal(WorkflowStatus.COMPLETED, (await engine.GetWorkflowAsync(id)).Status);
    }

    [Fact]
    public async Task A_workflow_is_terminated_with_the_reason()
    {
        await using var engine = await OpenAsync("""{"actions":[{"action":"terminate_workflow","terminate_workflow":{"workflowId":"${given}","terminationReason":"told so"}}]}""");
        var id = await StartAsync(engine, "waiting");

        await TellAsync(engine, id);

        var workflow = await engine.GetWorkflowAsync(id);
        Assert.Equal((WorkflowStatus.TERMINATED, "told so"), (workflow.Status, workflow.ReasonForIncompletion));
    }

    [Theory]
    [InlineData(true, "[1,2]")]
    [InlineData(false, "[2]")]
    public async Task Variables_are_set_and_lists_grow_on_request(bool append, string list)
    {
        await using var engine = await OpenAsync($$$$"""{"actions":[{"action":"update_workflow_variables","update_workflow_variables":{"workflowId":"${given}","appendArray":{{{{(append ? "true" : "false")}}}},"variables":{"list":[2],"added":"a"}}}]}""");
        var id = await StartAsync(engine, "waiting");

        await TellAsync(engine, id);

        var variables = (await engine.GetWorkflowAsync(id)).Variables;
        Assert.Equal(("k", "a", list), ((string?)variables["kept"], (string?)variables["added"], variables["list"]!.ToJsonString()));
    }

    [Theory]
    [InlineData(true, """{"b":1}""")]
    [InlineData(false, """ "{\"b\":1}" """)]
    public async Task Texts_that_hold_JSON_are_expanded_on_request(bool expand, string given)
    {
        await using var engine = await OpenAsync($$$$"""{"actions":[{"action":"start_workflow","expandInlineJSON":{{{{(expand ? "true" : "false")}}}},"start_workflow":{"name":"started","input":{"g":"${given}"}}}]}""");
        await TellAsync(engine, """{"b":1}""");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(given), Assert.Single(await StartedAsync(engine)).Input["g"]));
    }

    /// <summary>The message is handled again when its row of the outbox could not be taken away.</summary>
    [Fact]
    public async Task A_message_that_comes_twice_acts_once()
    {
        var refusals = 1;
        var disk = new InMemoryStore();
        await using var engine = await OpenAsync("""{"actions":[{"action":"start_workflow","start_workflow":{"name":"started"}}]}""", new FaultyStore(disk)
        {
            Refuses = commits => commits.All(commit => commit.DeletedOutbox.Count > 0 && commit.Workflows.Count == 0) && refusals-- > 0,
        });

        await TellAsync(engine, "x");

        Assert.True(refusals < 1, "the outbox was never refused");
        Assert.Single(await StartedAsync(engine));
    }

    /// <summary>What the disk refuses for a moment is no failure of the action.</summary>
    [Fact]
    public async Task An_action_that_could_not_be_written_is_tried_again()
    {
        var refusals = 1;
        await using var engine = await OpenAsync("""{"actions":[{"action":"start_workflow","start_workflow":{"name":"started"}}]}""", new FaultyStore(new InMemoryStore())
        {
            Refuses = commits => commits.Any(commit => commit.Workflows.Exists(write => write.Row.Name == "started")) && refusals-- > 0,
        });

        await TellAsync(engine, "x");

        Assert.Single(await StartedAsync(engine));
    }
}
