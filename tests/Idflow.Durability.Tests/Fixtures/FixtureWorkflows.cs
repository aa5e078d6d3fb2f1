using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine;

namespace Idflow.Durability.Tests.Fixtures;

/// <summary>Definitions whose runs use every kind of row: all operators that wait, payloads of all kinds, a handler, a schedule.</summary>
internal static class FixtureWorkflows
{
    private static readonly string[] Workflows =
    [
        """{"name":"fx_child","version":2,"tasks":[{"name":"fx_work","taskReferenceName":"c","inputParameters":{"v":"${workflow.input.v}"}}],"outputParameters":{"v":"${c.output.v}"}}""",
        """
        {"name":"fx_main","inputTemplate":{"greeting":"Grüß Gott"},"tasks":[
          {"name":"set","taskReferenceName":"set","type":"SET_VARIABLE","inputParameters":{"seen":"${workflow.input.greeting}"}},
          {"name":"fork","taskReferenceName":"fork","type":"FORK_JOIN","forkTasks":[
            [{"name":"fx_work","taskReferenceName":"a","inputParameters":{"v":"${workflow.input.v}"}}],
            [{"name":"sub","taskReferenceName":"sub","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"fx_child"},"inputParameters":{"v":"${workflow.input.v}"}}]]},
          {"name":"join","taskReferenceName":"join","type":"JOIN","joinOn":["a","sub"]},
          {"name":"loop","taskReferenceName":"loop","type":"DO_WHILE","loopCondition":"$.loop['iteration'] < 3","loopOver":[{"name":"fx_work","taskReferenceName":"l","inputParameters":{"v":"${loop.output.iteration}"}}]},
          {"name":"tell","taskReferenceName":"tell","type":"EVENT","sink":"conductor:fx_told","inputParameters":{"id":"${workflow.workflowId}"}}],
         "outputParameters":{"a":"${a.output.v}","sub":"${sub.output.v}","seen":"${workflow.variables.seen}","third":"${loop.output.3.l.v}"}}
        """,
        """
        {"name":"fx_waiting","tasks":[
          {"name":"fork","taskReferenceName":"fork","type":"FORK_JOIN","forkTasks":[
            [{"name":"wait","taskReferenceName":"wait","type":"WAIT","inputParameters":{"duration":"30 minutes"}}],
            [{"name":"human","taskReferenceName":"human","type":"HUMAN"}],
            [{"name":"fx_retried","taskReferenceName":"retried"}]]},
          {"name":"join","taskReferenceName":"join","type":"JOIN","joinOn":["wait","human","retried"]}],
         "outputParameters":{"human":"${human.output.answer}","retried":"${retried.output.v}"}}
        """,
        """
        {"name":"fx_dynamic","tasks":[
          {"name":"dyn","taskReferenceName":"dyn","type":"FORK_JOIN_DYNAMIC","dynamicForkTasksParam":"tasks","dynamicForkTasksInputParamName":"inputs",
           "inputParameters":{"tasks":"${workflow.input.tasks}","inputs":"${workflow.input.inputs}"}},
          {"name":"join","taskReferenceName":"join","type":"JOIN"}],
         "outputParameters":{"joined":"${join.output}"}}
        """,
        """{"name":"fx_failing","failureWorkflow":"fx_cleanup","tasks":[{"name":"fx_breaks","taskReferenceName":"b"}]}""",
        """{"name":"fx_cleanup","tasks":[{"name":"clean","taskReferenceName":"clean","type":"NOOP"}]}""",
        """{"name":"fx_short","tasks":[{"name":"fx_work","taskReferenceName":"s","inputParameters":{"v":"${workflow.input.v}"}}],"outputParameters":{"v":"${s.output.v}"}}""",
    ];

    private static readonly TaskDef[] Tasks =
    [
        new() { Name = "fx_work", RetryCount = 3, RetryDelaySeconds = 0, ResponseTimeoutSeconds = 600, TimeoutSeconds = 0, OwnerEmail = "ops@example.com" },
        new() { Name = "fx_retried", RetryCount = 5, RetryDelaySeconds = 60, RetryLogic = RetryLogic.EXPONENTIAL_BACKOFF, OwnerEmail = "ops@example.com" },
        new() { Name = "fx_breaks", RetryCount = 0, OwnerEmail = "ops@example.com" },
    ];

    public static async Task RegisterAsync(EmbeddedEngine engine)
    {
        await engine.CreateTaskDefsAsync(Tasks);
        await engine.UpdateWorkflowDefsAsync([.. Workflows.Select(json => ConductorJson.Deserialize<WorkflowDef>(json)! with { OwnerEmail = "ops@example.com" })]);
        await engine.AddEventHandlerAsync(ConductorJson.Deserialize<EventHandlerDef>("""
            {"name":"fx_told","event":"conductor:fx_main:fx_told","active":true,"actions":[{"action":"start_workflow","start_workflow":{"name":"fx_cleanup","correlationId":"${id}-told"}}]}
            """)!);
        await engine.SaveScheduleAsync(ConductorJson.Deserialize<WorkflowSchedule>("""
            {"name":"fx_nightly","cronExpression":"0 0 3 * * ?","zoneId":"Europe/Vienna","startWorkflowRequest":{"name":"fx_cleanup","correlationId":"nightly"}}
            """)!);
    }
}
