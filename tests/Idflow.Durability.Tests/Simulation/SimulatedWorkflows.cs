using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.Tests.Support;

namespace Idflow.Durability.Tests.Simulation;

/// <summary>The sample workflows, and ones that wait, call, count and repeat.</summary>
internal static class SimulatedWorkflows
{
    public const int Rounds = 3;

    public static readonly IReadOnlyList<WorkflowDef> All =
    [
        .. SampleWorkflows.All,
        .. ((string[])
        [
            """
            {"name":"waiting","tasks":[
              {"name":"fork","taskReferenceName":"fork","type":"FORK_JOIN","forkTasks":[
                [{"name":"wait","taskReferenceName":"wait","type":"WAIT","inputParameters":{"duration":"20 seconds"}}],
                [{"name":"human","taskReferenceName":"human","type":"HUMAN"}],
                [{"name":"http","taskReferenceName":"http","type":"HTTP","retryCount":20,"inputParameters":{"http_request":{"uri":"http://simulated.example/","method":"GET"}},
                  "taskDefinition":{"name":"http","retryCount":20,"retryDelaySeconds":0}}]]},
              {"name":"join","taskReferenceName":"join","type":"JOIN","joinOn":["wait","human","http"]}],
             "outputParameters":{"human":"${human.output.n}","http":"${http.output.response.body.answer}"}}
            """,
            """
            {"name":"counting","tasks":[
              {"name":"loop","taskReferenceName":"loop","type":"DO_WHILE","loopCondition":"$.loop['iteration'] < 3","loopOver":[
                {"name":"sub","taskReferenceName":"s","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"child"},"inputParameters":{"v":"${loop.output.iteration}"},
                  "taskDefinition":{"name":"sub","retryCount":5,"retryDelaySeconds":1}},
                {"name":"add","taskReferenceName":"add","type":"INLINE","inputParameters":{"evaluatorType":"graaljs","expression":"($.count || 0) + 1","count":"${workflow.variables.count}"}},
                {"name":"set","taskReferenceName":"set","type":"SET_VARIABLE","inputParameters":{"count":"${add.output.result}"}}]}],
             "outputParameters":{"count":"${workflow.variables.count}"}}
            """,
            """{"name":"ticked","tasks":[{"name":"n","taskReferenceName":"n","type":"NOOP"}]}""",
            """{"name":"short","timeoutSeconds":30,"timeoutPolicy":"TIME_OUT_WF","failureWorkflow":"cleanup","tasks":[{"name":"work","taskReferenceName":"w"}]}""",
        ]).Select(json => ConductorJson.Deserialize<WorkflowDef>(json)! with { OwnerEmail = "ops@example.com" }),
    ];

    public static readonly IReadOnlyList<TaskDef> TaskDefs =
    [
        new() { Name = "work", RetryCount = 50, RetryDelaySeconds = 1, ResponseTimeoutSeconds = 10, TimeoutSeconds = 0, ConcurrentExecLimit = 5, OwnerEmail = "ops@example.com" },
        new() { Name = "breaks", RetryCount = 0, ResponseTimeoutSeconds = 10, OwnerEmail = "ops@example.com" },
    ];

    public static readonly WorkflowSchedule Schedule = ConductorJson.Deserialize<WorkflowSchedule>("""
        {"name":"tick","cronExpression":"*/20 * * * * ?","startWorkflowRequest":{"name":"ticked"}}
        """)!;

    public static IEnumerable<string> Names => All.Select(definition => definition.Name!);
}
