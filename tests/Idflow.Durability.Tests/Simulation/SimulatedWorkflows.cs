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
            """
            {"name":"pair","tasks":[
              {"name":"fork","taskReferenceName":"fork","type":"FORK_JOIN","forkTasks":[
                [{"name":"one","taskReferenceName":"one","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"brittle"}}],
                [{"name":"two","taskReferenceName":"two","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"child"}}]]},
              {"name":"join","taskReferenceName":"join","type":"JOIN","joinOn":["one","two"]},
              {"name":"work","taskReferenceName":"w1"},
              {"name":"work","taskReferenceName":"w2"}]}
            """,
            """{"name":"brittle","tasks":[{"name":"breaks","taskReferenceName":"b"}]}""",
            """
            {"name":"inbox","tasks":[
              {"name":"loop","taskReferenceName":"loop","type":"DO_WHILE","loopCondition":"$.loop['iteration'] < 3","loopOver":[
                {"name":"pull","taskReferenceName":"pull","type":"PULL_WORKFLOW_MESSAGES","inputParameters":{"batchSize":2}}]},
              {"name":"rest","taskReferenceName":"rest","type":"PULL_WORKFLOW_MESSAGES","inputParameters":{"batchSize":5,"blocking":false}}]}
            """,
            """
            {"name":"asking","tasks":[
              {"name":"fork","taskReferenceName":"fork","type":"FORK_JOIN","forkTasks":[
                [{"name":"ask","taskReferenceName":"ask","type":"EVENT","sink":"conductor:question","inputParameters":{"id":"${workflow.workflowId}"}}],
                [{"name":"answer","taskReferenceName":"answer","type":"WAIT"}]]},
              {"name":"join","taskReferenceName":"join","type":"JOIN","joinOn":["ask","answer"]}],
             "outputParameters":{"heard":"${workflow.variables.heard}"}}
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

    /// <summary>Told of the question, one handler writes it down and answers it.</summary>
    public static readonly EventHandlerDef Answerer = ConductorJson.Deserialize<EventHandlerDef>("""
        {"name":"answerer","event":"conductor:asking:question","active":true,"actions":[
          {"action":"update_workflow_variables","update_workflow_variables":{"workflowId":"${id}","appendArray":true,"variables":{"heard":["${id}"]}}},
          {"action":"complete_task","complete_task":{"workflowId":"${id}","taskRefName":"answer","output":{"yes":true}}}]}
        """)!;

    /// <summary>One whose missed times are dropped, and one that makes up for them.</summary>
    public static readonly IReadOnlyList<WorkflowSchedule> Schedules =
    [
        .. ((string[])
        [
            """{"name":"tick","cronExpression":"*/20 * * * * ?","startWorkflowRequest":{"name":"ticked"}}""",
            """{"name":"tock","cronExpression":"0 * * * * ?","runCatchupScheduleInstances":true,"startWorkflowRequest":{"name":"ticked"}}""",
        ]).Select(json => ConductorJson.Deserialize<WorkflowSchedule>(json)!),
    ];

    /// <summary>Milliseconds from one time of the schedule <c>tock</c> to the next.</summary>
    public const long Tock = 60_000;

    /// <summary>Workflows with a task that waits for an operator, always or when it is run again.</summary>
    public static readonly IReadOnlyDictionary<string, string> Waits = new Dictionary<string, string> { ["waiting"] = "human", ["asking"] = "answer" };

    /// <summary>What clients start, the more often the more often it is here.</summary>
    public static readonly IReadOnlyList<string> Started = ["main", "main", "main", "pair", "failing", "waiting", "counting", "short", "inbox", "asking"];

    public static IEnumerable<string> Names => All.Select(definition => definition.Name!);
}
