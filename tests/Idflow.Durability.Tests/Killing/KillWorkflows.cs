using System.Text.Json.Nodes;

namespace Idflow.Durability.Tests.Killing;

/// <summary>What the load runs: every way in which one workflow causes something in another one, and a count that a doubled step would spoil.</summary>
internal static class KillWorkflows
{
    public const string Main = "dur_main";
    public const string Waiting = "dur_waiting";
    public const string Failing = "dur_failing";
    public const string Child = "dur_child";
    public const string Told = "dur_told";
    public const string Cleanup = "dur_cleanup";
    public const string Again = "dur_again";
    public const string Retried = "dur_retried";
    public const string Inbox = "dur_inbox";
    public const string Ticked = "dur_ticked";
    public const int Rounds = 3;

    /// <summary>Milliseconds from one time of the schedule to the next.</summary>
    public const long TickMs = 2_000;

    public static readonly string[] TaskTypes = ["dur_work", "dur_late", "dur_breaks"];

    /// <summary>Path and body of each call that registers something.</summary>
    public static IEnumerable<(HttpMethod Method, string Path, JsonNode Body)> Registrations =>
    [
        (HttpMethod.Post, "metadata/taskdefs", Tasks),
        .. Workflows.Select(json => (HttpMethod.Put, "metadata/workflow", (JsonNode)new JsonArray(JsonNode.Parse(json)))),
        (HttpMethod.Post, "event", JsonNode.Parse($$$"""
            {"name":"dur_handler","event":"conductor:{{{Main}}}:dur_told","active":true,"actions":[{"action":"start_workflow","start_workflow":{"name":"{{{Told}}}","correlationId":"${id}-told"}}]}
            """)!),
        (HttpMethod.Post, "scheduler/schedules", JsonNode.Parse($$$"""
            {"name":"dur_tick","cronExpression":"*/2 * * * * ?","runCatchupScheduleInstances":true,"startWorkflowRequest":{"name":"{{{Ticked}}}","version":1}}
            """)!),
    ];

    private static JsonArray Tasks => (JsonArray)JsonNode.Parse("""
        [{"name":"dur_work","retryCount":20,"retryDelaySeconds":0,"responseTimeoutSeconds":3,"timeoutSeconds":0,"ownerEmail":"ops@example.com"},
         {"name":"dur_late","retryCount":20,"retryDelaySeconds":0,"responseTimeoutSeconds":3,"timeoutSeconds":0,"ownerEmail":"ops@example.com"},
         {"name":"dur_breaks","retryCount":0,"responseTimeoutSeconds":3,"timeoutSeconds":0,"ownerEmail":"ops@example.com"}]
        """)!;

    /// <summary>What others start comes before them: starters do not wait until all are there.</summary>
    private static string[] Workflows =>
    [
        $$$"""{"name":"{{{Told}}}","version":1,"ownerEmail":"ops@example.com","tasks":[{"name":"noop","taskReferenceName":"n","type":"NOOP"}]}""",
        $$$"""{"name":"{{{Cleanup}}}","version":1,"ownerEmail":"ops@example.com","tasks":[{"name":"noop","taskReferenceName":"n","type":"NOOP"}]}""",
        $$$"""{"name":"{{{Child}}}","version":1,"ownerEmail":"ops@example.com","tasks":[{"name":"dur_work","taskReferenceName":"c"}],"outputParameters":{"token":"${c.output.token}"}}""",
        $$$"""
        {"name":"{{{Main}}}","version":1,"ownerEmail":"ops@example.com","tasks":[
          {"name":"fork","taskReferenceName":"fork","type":"FORK_JOIN","forkTasks":[
            [{"name":"dur_work","taskReferenceName":"a"}],
            [{"name":"dur_late","taskReferenceName":"b"}],
            [{"name":"sub","taskReferenceName":"sub","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"{{{Child}}}"}}]]},
          {"name":"join","taskReferenceName":"join","type":"JOIN","joinOn":["a","b","sub"]},
          {"name":"loop","taskReferenceName":"loop","type":"DO_WHILE","loopCondition":"$.loop['iteration'] < {{{Rounds}}}","loopOver":[
            {"name":"dur_work","taskReferenceName":"l"},
            {"name":"add","taskReferenceName":"add","type":"INLINE","inputParameters":{"evaluatorType":"graaljs","expression":"(function(){ return ($.count || 0) + 1; })()","count":"${workflow.variables.count}"}},
            {"name":"set","taskReferenceName":"set","type":"SET_VARIABLE","inputParameters":{"count":"${add.output.result}"}}]},
          {"name":"tell","taskReferenceName":"tell","type":"EVENT","sink":"conductor:dur_told","inputParameters":{"id":"${workflow.workflowId}"}},
          {"name":"start","taskReferenceName":"start","type":"START_WORKFLOW","inputParameters":{"startWorkflow":{"name":"{{{Child}}}","version":1,"correlationId":"${workflow.workflowId}-started"} } }],
         "outputParameters":{"count":"${workflow.variables.count}","a":"${a.output.token}","sub":"${sub.output.token}"}}
        """,
        $$$"""
        {"name":"{{{Waiting}}}","version":1,"ownerEmail":"ops@example.com","tasks":[
          {"name":"fork","taskReferenceName":"fork","type":"FORK_JOIN","forkTasks":[
            [{"name":"wait","taskReferenceName":"wait","type":"WAIT","inputParameters":{"duration":"1 seconds"}}],
            [{"name":"human","taskReferenceName":"human","type":"HUMAN"}],
            [{"name":"signal","taskReferenceName":"signal","type":"WAIT"}]]},
          {"name":"join","taskReferenceName":"join","type":"JOIN","joinOn":["wait","human","signal"]},
          {"name":"dur_work","taskReferenceName":"w"}],
         "outputParameters":{"human":"${human.output.token}","signal":"${signal.output.token}"}}
        """,
        $$$"""{"name":"{{{Failing}}}","version":1,"ownerEmail":"ops@example.com","failureWorkflow":"{{{Cleanup}}}","tasks":[{"name":"dur_breaks","taskReferenceName":"x"}]}""",
        $$$"""
        {"name":"{{{Again}}}","version":1,"ownerEmail":"ops@example.com","tasks":[
          {"name":"dur_work","taskReferenceName":"a"},
          {"name":"sub","taskReferenceName":"sub","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"{{{Child}}}"}}],
         "outputParameters":{"token":"${workflow.input.token}"}}
        """,
        $$$"""{"name":"{{{Retried}}}","version":1,"ownerEmail":"ops@example.com","tasks":[{"name":"dur_breaks","taskReferenceName":"x"}]}""",
        $$$"""
        {"name":"{{{Inbox}}}","version":1,"ownerEmail":"ops@example.com","tasks":[
          {"name":"loop","taskReferenceName":"loop","type":"DO_WHILE","loopCondition":"$.loop['iteration'] < {{{Rounds}}}","loopOver":[
            {"name":"pull","taskReferenceName":"pull","type":"PULL_WORKFLOW_MESSAGES","inputParameters":{"batchSize":2}},
            {"name":"dur_work","taskReferenceName":"w"}]}]}
        """,
        $$$"""{"name":"{{{Ticked}}}","version":1,"ownerEmail":"ops@example.com","tasks":[{"name":"noop","taskReferenceName":"n","type":"NOOP"}]}""",
    ];
}
