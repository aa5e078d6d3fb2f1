using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Validation;
using Idflow.Scripting;

namespace Idflow.Engine.Tests.Validation;

public sealed class DefinitionValidatorTests
{
    private static readonly DefinitionValidator Validator = new(new JavaScriptSandbox(), name => name == "templated" ? new() { Name = name, InputTemplate = new() { ["queryExpression"] = "." } } : null);

    private static WorkflowTask Simple(string name, JsonObject? input = null) => new() { Name = name, TaskReferenceName = name, InputParameters = input ?? [] };

    private static string[] Errors(params WorkflowTask[] tasks)
    {
        var failure = Record.Exception(() => Validator.CheckWorkflowDef("p", new() { Name = "wf", Tasks = tasks }));
        return failure is null ? [] : [.. Assert.IsType<ConductorException>(failure).ValidationErrors.Select(error => $"{error.Path}: {error.Message}")];
    }

    [Fact]
    public void Paths_lead_into_every_kind_of_nesting()
    {
        WorkflowTask nameless = new() { TaskReferenceName = "n" };
        WorkflowTask loop = Simple("l") with { Type = "DO_WHILE", LoopCondition = "false", LoopOver = [nameless] };
        WorkflowTask fork = Simple("f") with { Type = "FORK_JOIN", ForkTasks = [[Simple("a")], [Simple("b"), nameless with { TaskReferenceName = "m" }]] };
        WorkflowTask pick = Simple("s") with
        {
            Type = "SWITCH",
            EvaluatorType = "value-param",
            Expression = "x",
            DecisionCases = new Dictionary<string, IReadOnlyList<WorkflowTask>> { ["x y"] = [loop] },
            DefaultCase = [fork],
        };
        Assert.Equal(
            [
                "p.tasks[0].decisionCases[x y].<map value>[0].loopOver[0].name: WorkflowTask name cannot be empty or null",
                "p.tasks[0].defaultCase[0].forkTasks[1].<list element>[1].name: WorkflowTask name cannot be empty or null",
            ],
            Errors(pick));
    }

    [Theory]
    [InlineData("${workflow.input.${workflow.input.key}}")]
    [InlineData("${workflow.input.rows[?(@.id == 2)].v}")]
    [InlineData("${workflow.input.tags.length()}")]
    [InlineData("${workflow.secrets.KEY} and ${workflow.env.X}")]
    [InlineData("${CPEWF_TASK_ID}")]
    [InlineData("$${nobody.output} and ${open")]
    [InlineData("${inner.output.x}")]
    public void Good_expressions_pass(string expression)
    {
        WorkflowTask loop = Simple("l") with { Type = "DO_WHILE", LoopCondition = "false", LoopOver = [Simple("inner")] };
        Assert.Empty(Errors(Simple("a", new() { ["v"] = expression }), loop));
    }

    [Theory]
    [InlineData("HOME")]
    [InlineData("${nobody.a}.x")]
    [InlineData("workflow.input.${nobody.a}")]
    public void Names_that_do_not_exist_are_found(string body) =>
        Assert.Contains("is not defined in workflow definition", Assert.Single(Errors(Simple("a", new() { ["v"] = $"x ${{{body}}}" }))), StringComparison.Ordinal);

    [Fact]
    public void A_template_can_give_what_a_type_needs()
    {
        WorkflowTask jq = new() { Name = "templated", TaskReferenceName = "j", Type = "JSON_JQ_TRANSFORM" };
        Assert.Empty(Errors(jq));
        Assert.Empty(Errors(jq with { Name = "other", TaskDefinition = new() { Name = "other", InputTemplate = new() { ["queryExpression"] = "." } } }));
        Assert.Single(Errors(jq with { Name = "other" }));
    }

    [Fact]
    public void A_script_that_does_not_parse_is_refused_with_its_line()
    {
        WorkflowTask pick = Simple("s") with { Type = "SWITCH", EvaluatorType = "javascript", Expression = "1;\nif (", DecisionCases = new Dictionary<string, IReadOnlyList<WorkflowTask>> { ["x"] = [Simple("a")] } };
        Assert.Contains("line 2", Assert.Single(Errors(pick)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0, "p.name: Workflow name cannot be null or empty")]
    [InlineData("wf", 100, "p.priority: priority: 100 should be maximum 99")]
    [InlineData("wf", -1, "p.priority: priority: -1 should be minimum 0")]
    public void Starts_are_checked(string name, int priority, string expected)
    {
        var failure = Assert.Throws<ConductorException>(() => Validator.CheckStart("p", new() { Name = name, Priority = priority }));
        Assert.Equal(expected, Assert.Single(failure.ValidationErrors.Select(error => $"{error.Path}: {error.Message}")));
    }

    [Fact]
    public void Handlers_and_results_are_checked()
    {
        var handler = Assert.Throws<ConductorException>(() => DefinitionValidator.CheckEventHandler("addEventHandler.arg0", new()));
        Assert.Equal(["addEventHandler.arg0.name", "addEventHandler.arg0.event", "addEventHandler.arg0.actions"], handler.ValidationErrors.Select(error => error.Path));
        var result = Assert.Throws<ConductorException>(() => DefinitionValidator.CheckTaskResult("updateTask.arg0", new() { WorkflowInstanceId = "", TaskId = "" }));
        Assert.Equal(["Task ID cannot be null or empty", "Workflow Id cannot be null or empty"], result.ValidationErrors.Select(error => error.Message));
    }

    [Theory]
    [InlineData("1 day", 86_400)]
    [InlineData("2d 3h 4m 5s", 183_845)]
    [InlineData("2 hours 30 minutes", 9_000)]
    [InlineData("10S", 10)]
    [InlineData("1 MIN 1 sec", 61)]
    [InlineData("soon", null)]
    [InlineData("5", null)]
    [InlineData("3s 1m", null)]
    [InlineData("1.5h", null)]
    [InlineData("-1s", null)]
    public void Durations_are_days_hours_minutes_and_seconds(string text, int? seconds) =>
        Assert.Equal(seconds, (int?)WaitTime.Duration(text)?.TotalSeconds);

    [Theory]
    [InlineData("2020-01-31 12:00 GMT", "2020-01-31T12:00:00+00:00")]
    [InlineData("2020-01-31 12:00 GMT+02:00", "2020-01-31T12:00:00+02:00")]
    [InlineData("2020-07-01 12:00 Europe/Paris", "2020-07-01T12:00:00+02:00")]
    [InlineData("2020-01-31 12:00", "2020-01-31T12:00:00+00:00")]
    [InlineData("2020-01-31", "2020-01-31T00:00:00+00:00")]
    [InlineData("2020-02-31", null)]
    [InlineData("someday", null)]
    [InlineData("2020-01-31 12:00 Nowhere", null)]
    public void Times_name_a_day_and_may_name_an_hour_and_a_zone(string text, string? expected) =>
        Assert.Equal(expected, WaitTime.Until(text)?.ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture));
}
