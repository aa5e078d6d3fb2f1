using Idflow.Conductor.Json;
using Idflow.Conductor.Model;

namespace Idflow.Engine.Tests.Support;

/// <summary>Workflows whose effects reach from one to another: where a crash between two commits could lose or double something.</summary>
internal static class SampleWorkflows
{
    public static readonly IReadOnlyList<WorkflowDef> All =
    [
        .. ((string[])
        [
            """{"name":"child","tasks":[{"name":"work","taskReferenceName":"c","inputParameters":{"v":"${workflow.input.v}"}}],"outputParameters":{"v":"${c.output.v}"}}""",
            """
            {"name":"main","tasks":[
              {"name":"fork","taskReferenceName":"fork","type":"FORK_JOIN","forkTasks":[
                [{"name":"work","taskReferenceName":"a"}],
                [{"name":"sub","taskReferenceName":"sub","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"child"},"inputParameters":{"v":"${workflow.input.v}"}}]]},
              {"name":"join","taskReferenceName":"join","type":"JOIN","joinOn":["a","sub"]},
              {"name":"loop","taskReferenceName":"loop","type":"DO_WHILE","loopCondition":"$.loop['iteration'] < 2","loopOver":[{"name":"work","taskReferenceName":"l"}]},
              {"name":"tell","taskReferenceName":"tell","type":"EVENT","sink":"conductor:told","inputParameters":{"id":"${workflow.workflowId}"}},
              {"name":"start","taskReferenceName":"start","type":"START_WORKFLOW","inputParameters":{"startWorkflow":{"name":"child","input":{"v":1},"correlationId":"${workflow.workflowId}-started"}}},
              {"name":"last","taskReferenceName":"last","type":"NOOP"}],
             "outputParameters":{"v":"${sub.output.v}"}}
            """,
            """{"name":"failing","failureWorkflow":"cleanup","tasks":[{"name":"breaks","taskReferenceName":"b","retryCount":0}]}""",
            """{"name":"cleanup","tasks":[{"name":"clean","taskReferenceName":"clean","type":"NOOP"}]}""",
        ]).Select(json => ConductorJson.Deserialize<WorkflowDef>(json)! with { OwnerEmail = "ops@example.com" }),
    ];

    public static readonly EventHandlerDef Handler = ConductorJson.Deserialize<EventHandlerDef>("""
        {"name":"told","event":"conductor:main:told","active":true,"actions":[{"action":"start_workflow","start_workflow":{"name":"cleanup","correlationId":"${id}-told"}}]}
        """)!;

    public static readonly IReadOnlyList<TaskDef> TaskDefs =
    [
        new() { Name = "work", RetryCount = 3, RetryDelaySeconds = 0, OwnerEmail = "ops@example.com" },
        new() { Name = "breaks", RetryCount = 0, OwnerEmail = "ops@example.com" },
    ];

    public static async Task RegisterAsync(EmbeddedEngine engine)
    {
        await engine.CreateTaskDefsAsync(TaskDefs);
        await engine.UpdateWorkflowDefsAsync(All);
        await engine.AddEventHandlerAsync(Handler);
    }
}
