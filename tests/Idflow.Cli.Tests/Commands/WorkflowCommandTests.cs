using Idflow.Cli.Commands.Workflow;
using Idflow.Conductor.Model;

namespace Idflow.Cli.Tests.Commands;

/// <summary>Executions and checks of workflows with the real engine and workers.</summary>
public sealed class WorkflowCommandTests : IAsyncLifetime
{
    private readonly CommandLine _line = new();

    public async ValueTask InitializeAsync()
    {
        await _line.RunAsync("init", "--empty");
        _line.Write("workflows/w/add.json", """{"name": "add", "tasks": [{"name": "a", "taskReferenceName": "a", "type": "INLINE", "inputParameters": {"expression": "$.x + 1", "x": "${workflow.input.x}"}}], "outputParameters": {"sum": "${a.output.result}"}}""");
        _line.Write("workflows/w/waits.json", """{"name": "waits", "tasks": [{"name": "w", "taskReferenceName": "w", "type": "WAIT"}]}""");
    }

    public ValueTask DisposeAsync()
    {
        _line.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_workflow_runs_and_prints_its_output()
    {
        var run = await _line.RunAsync("workflow", "run", "add", "--input", "{\"x\": 41}", "--wait");
        Assert.Equal((0, """{"sum":42}"""), (run.ExitCode, run.Json!.ToJsonString()));
        _line.Write("input.json", "{\"x\": 1}");
        Assert.Equal(2, (int)(await _line.RunAsync("workflow", "run", "add", "--input", "@input.json", "--wait")).Json!["sum"]!);
        Assert.Equal(2, (await _line.RunAsync("workflow", "runs", "--name", "add", "--status", "COMPLETED", "--json")).Json!.AsArray().Count);
    }

    [Fact]
    public async Task An_execution_is_shown_and_operated_by_a_prefix_of_its_id()
    {
        var id = (await _line.RunAsync("workflow", "run", "waits")).Out.Trim();
        var prefix = id[..6];
        Assert.Contains("RUNNING", (await _line.RunAsync("workflow", "status", prefix)).Out, StringComparison.Ordinal);
        Assert.Equal((0, id + "\n"), await CodeAndOutAsync("workflow", "pause", prefix));
        Assert.Equal("PAUSED", (string?)(await _line.RunAsync("workflow", "status", prefix, "--json")).Json!["status"]);
        Assert.Equal(0, (await _line.RunAsync("workflow", "resume", prefix)).ExitCode);
        var refused = await _line.RunAsync("workflow", "retry", prefix);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("retry was refused: Workflow is still running", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _line.RunAsync("workflow", "terminate", prefix)).ExitCode);
        Assert.Equal(0, (await _line.RunAsync("workflow", "terminate", prefix, "--yes", "--reason", "enough")).ExitCode);
        Assert.Contains("reason: enough", (await _line.RunAsync("workflow", "status", prefix)).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await _line.RunAsync("workflow", "restart", prefix)).ExitCode);
        Assert.Equal(3, (await _line.RunAsync("workflow", "status", "ffff-none")).ExitCode);
        Assert.Equal(3, (await _line.RunAsync("workflow", "status", "ab")).ExitCode);
    }

    [Fact]
    public async Task Wrong_input_and_unknown_names_are_named()
    {
        var broken = await _line.RunAsync("workflow", "run", "add", "--input", "{\"x\": ");
        Assert.Equal(2, broken.ExitCode);
        Assert.Contains("--input:1:", broken.Error, StringComparison.Ordinal);
        var unknown = await _line.RunAsync("workflow", "run", "addd");
        Assert.Equal(3, unknown.ExitCode);
        Assert.Equal("error: There is no workflow 'addd'. Did you mean 'add'?\n", unknown.Error);
        Assert.Equal("error: The workflow 'add' has no version 7; the project has version 1.\n", (await _line.RunAsync("workflow", "run", "add", "--version", "7")).Error);
        _line.Write("workflows/w/outer.json", """{"name": "outer", "tasks": [{"name": "s", "taskReferenceName": "s", "type": "SUB_WORKFLOW", "subWorkflowParam": {"name": "ad"}}]}""");
        var outer = await _line.RunAsync("workflow", "run", "outer");
        Assert.Equal(3, outer.ExitCode);
        Assert.Contains("The workflow 'outer' cannot start: the project has no workflow 'ad' (s). Did you mean 'add'?", outer.Error, StringComparison.Ordinal);
        var gone = await _line.RunAsync("workflow", "retry", "7cec05ce-5c23-40b6-948a-636bfa600196");
        Assert.Equal((3, "error: No execution has the id '7cec05ce-5c23-40b6-948a-636bfa600196'.\nhint: See 'idflow workflow runs'.\n"), (gone.ExitCode, gone.Error));
        Assert.Equal(2, (await _line.RunAsync("workflow", "runs", "--status", "RUNING")).ExitCode);
    }

    [Fact]
    public async Task Validate_reports_what_the_engine_refuses_and_warns_of_what_nobody_serves()
    {
        _line.Write("workflows/w/mine.json", """{"name": "mine", "tasks": [{"name": "keyword_extrct", "taskReferenceName": "k", "type": "SIMPLE"}, {"name": "s", "taskReferenceName": "s", "type": "SUB_WORKFLOW", "subWorkflowParam": {"name": "ad"}}]}""");
        var warned = await _line.RunAsync("workflow", "validate", "mine");
        Assert.Equal((0, "1 workflow checked: 0 errors, 2 warnings\n"), (warned.ExitCode, warned.Out));
        Assert.Contains("workflows/w/mine.json: no worker of this project serves the task 'keyword_extrct' (k). Did you mean 'keyword_extract'?", warned.Error, StringComparison.Ordinal);
        Assert.Contains("the project has no workflow 'ad' (s). Did you mean 'add'?", warned.Error, StringComparison.Ordinal);

        _line.Write("bad.json", """{"name": "bad", "tasks": [{"name": "a", "taskReferenceName": "a", "type": "NOOP"}, {"name": "b", "taskReferenceName": "a", "type": "NOOP"}]}""");
        var bad = await _line.RunAsync("workflow", "validate", "bad.json", "--json");
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("should be unique", (string?)bad.Json![0]!["message"], StringComparison.Ordinal);
        Assert.Equal(1, (await _line.RunAsync("workflow", "upload", "bad.json")).ExitCode);
    }

    [Fact]
    public async Task Upload_writes_what_is_new_and_leaves_the_rest()
    {
        var first = await _line.RunAsync("workflow", "upload", "--json");
        Assert.Equal(0, first.ExitCode);
        Assert.Contains("add 1", first.Json!["uploaded"]!.AsArray().Select(name => (string?)name));
        Assert.Empty((await _line.RunAsync("workflow", "upload", "--json")).Json!["uploaded"]!.AsArray());
    }

    [Fact]
    public void A_check_looks_into_nested_tasks_and_leaves_system_tasks_and_expressions_alone()
    {
        WorkflowTask Simple(string name) => new() { Name = name, TaskReferenceName = name };
        var definition = new WorkflowDef
        {
            Name = "w",
            Tasks =
            [
                new() { Type = TaskTypes.ForkJoin, ForkTasks = [[Simple("in_fork")]] },
                new() { Type = TaskTypes.Switch, DecisionCases = new Dictionary<string, IReadOnlyList<WorkflowTask>> { ["a"] = [Simple("in_case")] }, DefaultCase = [Simple("served")] },
                new() { Type = TaskTypes.DoWhile, LoopOver = [Simple("in_loop"), Simple("${workflow.input.name}")] },
                new() { Type = "OTHER_TYPE", Name = "x", TaskReferenceName = "x" },
                new() { Type = TaskTypes.Join },
            ],
        };
        Assert.Equal(["in_fork", "in_case", "in_loop", "OTHER_TYPE"], WorkflowCheck.Unserved(definition, ["served"]).Select(text => text.Split('\'')[1]));
    }

    private async Task<(int, string)> CodeAndOutAsync(params string[] args)
    {
        var result = await _line.RunAsync(args);
        return (result.ExitCode, result.Out);
    }
}
