using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.TestKit.Conductor;

/// <summary>Definitions and event handlers.</summary>
public abstract class MetadataContract : ConductorContract
{
    [Fact]
    public async Task Workflow_definition_comes_back_as_it_was_stored()
    {
        var definition = Definition(Simple("a"), Simple("b", new JsonObject { ["n"] = 1.5, ["none"] = null, ["list"] = new JsonArray(1, "x") })) with
        {
            Description = "ü",
            TimeoutSeconds = 60,
            OutputParameters = new JsonObject { ["o"] = "${a.output.x}" },
            Metadata = new JsonObject { ["k"] = "v" },
        };
        await Conductor.CreateWorkflowDefAsync(definition);

        var stored = await Conductor.GetWorkflowDefAsync(Name("wf"));

        Assert.Equal(definition.Description, stored.Description);
        Assert.Equal(definition.TimeoutSeconds, stored.TimeoutSeconds);
        Assert.Equal(definition.OutputParameters.ToJsonString(), stored.OutputParameters.ToJsonString());
        Assert.Equal(definition.Metadata.ToJsonString(), stored.Metadata.ToJsonString());
        Assert.Equal(definition.Tasks.Select(task => task.InputParameters.ToJsonString()), stored.Tasks.Select(task => task.InputParameters.ToJsonString()));
        Assert.True(stored.CreateTime > 0);
    }

    [Fact]
    public async Task Existing_version_is_replaced_only_on_request()
    {
        await Conductor.CreateWorkflowDefAsync(Definition(Simple("a")));

        var error = await RefusedAsync(409, () => Conductor.CreateWorkflowDefAsync(Definition(Simple("b"))));
        Assert.Equal($"Workflow with {Name("wf")}.1 already exists!", error.Message);
        await Conductor.CreateWorkflowDefAsync(Definition(Simple("b")), overwrite: true);

        Assert.Equal("b", (await Conductor.GetWorkflowDefAsync(Name("wf"), 1)).Tasks.Single().TaskReferenceName);
    }

    [Fact]
    public async Task Versions_live_side_by_side()
    {
        await Conductor.UpdateWorkflowDefsAsync([Definition(Simple("a")), Definition(Simple("b")) with { Version = 2 }]);

        Assert.Equal(2, (await Conductor.GetWorkflowDefAsync(Name("wf"))).Version);
        Assert.Equal([1, 2], (await Conductor.GetWorkflowDefsAsync()).Where(definition => definition.Name == Name("wf")).Select(definition => definition.Version));

        await Conductor.DeleteWorkflowDefAsync(Name("wf"), 2);
        Assert.Equal(1, (await Conductor.GetWorkflowDefAsync(Name("wf"))).Version);
        await RefusedAsync(404, () => Conductor.GetWorkflowDefAsync(Name("wf"), 2));
        await RefusedAsync(404, () => Conductor.DeleteWorkflowDefAsync(Name("wf"), 2));
    }

    [Fact]
    public async Task One_invalid_definition_stores_none()
    {
        var error = await RefusedAsync(400, () => Conductor.UpdateWorkflowDefsAsync([Definition(Simple("a")), Definition() with { Name = Name("empty") }]));

        Assert.Equal("updateWorkflowDef.arg0[1].tasks", error.ValidationErrors.Single().Path);
        await RefusedAsync(404, () => Conductor.GetWorkflowDefAsync(Name("wf")));
    }

    [Fact]
    public async Task Checks_name_the_place_of_each_error()
    {
        var twice = await RefusedAsync(400, () => Conductor.CreateWorkflowDefAsync(Definition(Simple("a"), Simple("a"))));
        Assert.Equal("registerWorkflowDef.arg0", twice.ValidationErrors.Single().Path);

        var sub = await RefusedAsync(400, () => Conductor.CreateWorkflowDefAsync(Definition(Simple("s") with { Type = TaskTypes.SubWorkflow })));
        Assert.Equal("registerWorkflowDef.arg0.tasks[0]", sub.ValidationErrors.Single().Path);

        var validated = await RefusedAsync(400, () => Conductor.ValidateWorkflowDefAsync(Definition(Simple("a"), Simple("a"))));
        Assert.Equal("validateWorkflowDef.arg0", validated.ValidationErrors.Single().Path);
        await Conductor.ValidateWorkflowDefAsync(Definition(Simple("a")));
        await RefusedAsync(404, () => Conductor.GetWorkflowDefAsync(Name("wf")));
    }

    [Fact]
    public async Task Task_definition_is_created_replaced_and_deleted()
    {
        var definition = new TaskDef { Name = Name("a"), RetryCount = 1, TimeoutSeconds = 90, ResponseTimeoutSeconds = 30, OwnerEmail = "ops@example.com", InputKeys = ["x"] };
        await RefusedAsync(404, () => Conductor.UpdateTaskDefAsync(definition));
        await Conductor.CreateTaskDefsAsync([definition]);
        Assert.Equal(["x"], (await Conductor.GetTaskDefAsync(Name("a"))).InputKeys);

        await Conductor.UpdateTaskDefAsync(definition with { RetryCount = 7, InputKeys = [] });

        var stored = await Conductor.GetTaskDefAsync(Name("a"));
        Assert.Equal((7, 0, 90), (stored.RetryCount, stored.InputKeys.Count, stored.TimeoutSeconds));
        Assert.Contains(await Conductor.GetTaskDefsAsync(), found => found.Name == Name("a"));

        await Conductor.DeleteTaskDefAsync(Name("a"));
        var gone = await RefusedAsync(404, () => Conductor.GetTaskDefAsync(Name("a")));
        Assert.Equal($"No such taskType found by name: {Name("a")}", gone.Message);
        await RefusedAsync(404, () => Conductor.DeleteTaskDefAsync(Name("a")));
    }

    [Fact]
    public async Task Invalid_task_definition_is_refused_with_its_field()
    {
        var error = await RefusedAsync(400, () => Conductor.CreateTaskDefsAsync([new TaskDef { Name = Name("a"), RetryCount = -1 }]));

        Assert.Equal([new ValidationError("registerTaskDef.arg0[0].retryCount", "TaskDef retryCount: 0 must be >= 0", "-1")], error.ValidationErrors);
    }

    [Fact]
    public async Task Event_handler_is_added_changed_and_removed()
    {
        var handler = new EventHandlerDef
        {
            Name = Name("h"),
            Event = $"conductor:{Name("e")}",
            Active = true,
            Actions = [new EventAction { Action = EventActionType.start_workflow, StartWorkflow = new JsonObject { ["name"] = Name("wf"), ["version"] = 1 } }],
        };
        await RefusedAsync(404, () => Conductor.UpdateEventHandlerAsync(handler));
        await Conductor.AddEventHandlerAsync(handler);
        await RefusedAsync(409, () => Conductor.AddEventHandlerAsync(handler));
        Assert.Equal(EventActionType.start_workflow, (await Conductor.GetEventHandlersForEventAsync(handler.Event)).Single().Actions.Single().Action);

        await Conductor.UpdateEventHandlerAsync(handler with { Active = false });
        Assert.Empty(await Conductor.GetEventHandlersForEventAsync(handler.Event));
        Assert.Single(await Conductor.GetEventHandlersForEventAsync(handler.Event, activeOnly: false));
        Assert.Contains(await Conductor.GetEventHandlersAsync(), found => found.Name == handler.Name);

        await Conductor.RemoveEventHandlerAsync(handler.Name);
        Assert.Empty(await Conductor.GetEventHandlersForEventAsync(handler.Event, activeOnly: false));
        await RefusedAsync(404, () => Conductor.RemoveEventHandlerAsync(handler.Name));
    }

    [Fact]
    public async Task Event_handler_without_its_parts_is_refused()
    {
        var error = await RefusedAsync(400, () => Conductor.AddEventHandlerAsync(new EventHandlerDef()));

        Assert.Equal(["addEventHandler.arg0.actions", "addEventHandler.arg0.event", "addEventHandler.arg0.name"], error.ValidationErrors.Select(check => check.Path).Order());
    }

    [Fact]
    public async Task Event_of_one_workflow_starts_another()
    {
        await RegisterAsync("a");
        await Conductor.UpdateWorkflowDefsAsync([new WorkflowDef
        {
            Name = Name("source"),
            OwnerEmail = "ops@example.com",
            Tasks = [new WorkflowTask { Name = "emit", TaskReferenceName = "emit", Type = TaskTypes.Event, Sink = $"conductor:{Name("e")}", InputParameters = new JsonObject { ["v"] = 3 } }],
        }]);
        await Conductor.AddEventHandlerAsync(new EventHandlerDef
        {
            Name = Name("h"),
            Event = $"conductor:{Name("source")}:{Name("e")}",
            Active = true,
            Actions = [new EventAction { Action = EventActionType.start_workflow, StartWorkflow = new JsonObject { ["name"] = Name("wf"), ["input"] = new JsonObject { ["v"] = "${v}" } } }],
        });

        await Conductor.StartWorkflowAsync(new StartWorkflowRequest { Name = Name("source") });

        Assert.Equal(3, (await PollAsync("a")).InputData["v"]!.GetValue<int>());
    }
}
