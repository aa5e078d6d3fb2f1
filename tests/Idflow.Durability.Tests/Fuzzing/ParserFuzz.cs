using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.Expressions;
using Idflow.Engine.Jq;
using Idflow.Engine.Schedules;
using Idflow.Engine.Search;
using Idflow.Engine.Validation;
using Idflow.Scripting;

namespace Idflow.Durability.Tests.Fuzzing;

/// <summary>Each parser with the texts it is given from outside: an answer, or an error of its own kind; nothing else, and soon.</summary>
internal static class ParserFuzz
{
    private static readonly JsonObject Data = (JsonObject)JsonNode.Parse("""
        {"a":{"output":{"list":[{"x":1,"y":"b"},{"x":2}],"text":"1,2","n":3.5,"none":null}},"workflow":{"input":{"v":[1,[2]],"k":"ü"},"variables":{}}}
        """)!;

    private static readonly TimeSpan JqTime = TimeSpan.FromMilliseconds(500);

    public static readonly IReadOnlyDictionary<string, (IReadOnlyList<string> Examples, Action<string> Parse)> All = new Dictionary<string, (IReadOnlyList<string>, Action<string>)>
    {
        ["expression"] = (
            ["${a.output.list[0].x}", "${workflow.input.v[*]}", "x ${a.output.text} y ${a.output['n']}", "${a.output.list[?(@.x > 1 && @.y == 'b')].y}", "${a.output.list.length()}", "${a.output.list[-1:].x}", "${a.output..x}", "${workflow.input.k}", "${a.output.list[?(@.y =~ /b.*/i)]}", "${a.output.list[0,1]['x','y']}", "$${a}"],
            text => new ExpressionEvaluator().Evaluate(JsonValue.Create(text), new JsonScope(Data))),
        ["jq"] = (
            [".a.output.list | map(.x) | add", "[.a.output.list[] | select(.x > 1)]", "to_entries | map({(.key): .value}) | add", "reduce .a.output.list[] as $i (0; . + $i.x)", "def f(x): x * 2; f(.a.output.n)", ".a.output.text | split(\",\") | map(tonumber)", "try error(\"x\") catch .", "@base64 \"a\\(.a)\"", "[limit(3; repeat(1))]", ".. | numbers", "if . then 1 elif 2 then 3 else 4 end", "path(..)", "input_line_number", "[.a.output.list[]?] | group_by(.x)", "\"2015-03-05T23:51:47Z\" | fromdate", "test(\"a.b\"; \"ix\")?"],
            text => Allow<JqException>(() => new JqInterpreter(timeout: JqTime).Evaluate(text, Data))),
        ["search"] = (
            ["workflowType='a' AND status IN (RUNNING,COMPLETED)", "startTime>1700000000000 AND correlationId=\"x\"", "workflowId IN (a,b,c)", "status=FAILED", "version=1 AND priority<10", "startTime:DESC|workflowType"],
            text => Allow<ConductorException>(() =>
            {
                SearchLanguage.ReadWorkflowSearch(new SearchRequest { Query = text, Sort = text, FreeText = text });
                SearchLanguage.ReadTaskSearch(new SearchRequest { Query = text, Sort = text, FreeText = text });
            })),
        ["cron"] = (
            ["0 30 8 * * MON-FRI", "*/5 * * * * ?", "0 0 0 L * ?", "0 0 12 1W * ?", "0 0 0 ? * 5#2", "@daily", "0 0 3 * * ? 2026-2030", "0 0/15 9-17 * JAN,JUL *"],
            text => Allow<ConductorException>(() => CronTimes.Parse(text, "Europe/Vienna").Next(1_767_225_600_000))),
        ["definition"] = (
            [.. Killing.KillWorkflows.Registrations.Select(registration => registration.Body.ToJsonString()), .. Simulation.SimulatedWorkflows.All.Select(definition => ConductorJson.Serialize(definition))],
            Define),
        ["schedule"] = (
            [ConductorJson.Serialize(Simulation.SimulatedWorkflows.Schedules[0]), """{"name":"x","cronSchedules":[{"cronExpression":"0 0 * * * ?","zoneId":"UTC"}],"startWorkflowRequest":{"name":"w","input":{"a":1}},"scheduleStartTime":1,"scheduleEndTime":2}"""],
            text => Allow<JsonException, ConductorException>(() => ScheduleTimes.Check(ConductorJson.Deserialize<WorkflowSchedule>(System.Text.Encoding.UTF8.GetBytes(text), 64) ?? new()))),
    };

    private static void Define(string text) => Allow<JsonException, ConductorException>(() =>
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var validator = new DefinitionValidator(new JavaScriptSandbox(), _ => null);
        if (text.TrimStart().StartsWith('['))
        {
            validator.CheckWorkflowDefs("x", ConductorJson.Deserialize<List<WorkflowDef>>(bytes, 64) ?? []);
        }
        else if (ConductorJson.Deserialize<WorkflowDef>(bytes, 64) is { } definition)
        {
            validator.CheckWorkflowDef("x", definition);
            _ = new Idflow.Engine.Definitions.WorkflowGraph("x", definition);
        }
    });

    private static void Allow<T>(Action parse)
        where T : Exception => Allow<T, T>(parse);

    private static void Allow<T, TOther>(Action parse)
        where T : Exception
        where TOther : Exception
    {
        try
        {
            parse();
        }
        catch (Exception error) when (error is T or TOther)
        {
            // Its own way of saying no.
        }
    }
}
