namespace Idflow.Cli.Tests.Commands;

/// <summary><c>idflow run</c>: what it does at last, what it says is left, and its exit code.</summary>
public sealed class RunCommandTests : IDisposable
{
    private const string Measure = """
        {"name": "measure", "tasks": [{"name": "n", "taskReferenceName": "n", "type": "NOOP"}], "outputParameters": {"doc": "measured"}}
        """;

    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Fact]
    public async Task A_stage_whose_workflow_is_missing_is_named_and_goes_on_once_it_is_there()
    {
        await _line.RunAsync("init");
        _line.Write("stages/s.yml", "name: s\nworkflows: [{name: meassure}]\n");
        var added = await _line.RunAsync("doc", "add", "text");
        Assert.Equal(0, added.ExitCode);
        Assert.Contains("the workflow 'meassure' does not exist", added.Error, StringComparison.Ordinal);
        var id = added.Out.Trim();

        _line.Write("workflows/w/measure.json", Measure);
        var blocked = await _line.RunAsync("run");
        Assert.Equal(1, blocked.ExitCode);
        Assert.Contains("1 stage cannot start:", blocked.Error, StringComparison.Ordinal);
        Assert.Equal($"{id} s: the workflow 'meassure' does not exist. Did you mean 'measure'?\n", blocked.Out);

        _line.Write("stages/s.yml", "name: s\nworkflows: [{name: measure}]\n");
        var run = await _line.RunAsync("run");
        Assert.Equal((0, ""), (run.ExitCode, run.Out));
        string[] tasks = ["prepare_stage_workflows (prepare)", "persist_stage_sub_wf_result (persist)", "update_stage_status (update_status)", "evaluate_stages (evaluate)"];
        Assert.All(tasks, task => Assert.Contains($" done    {task} in ", run.Error, StringComparison.Ordinal));
        Assert.EndsWith("\n4 tasks done.\n", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("\nmeasured\n", File.ReadAllText(Path.Combine(_line.Folder, "data/active", id, "stages/s/1/measure.md")), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_line.Folder, "data/active", id, "stages/s/2")));
    }

    [Fact]
    public async Task A_stage_whose_workflow_the_engine_has_lost_fails_the_run_that_finds_it_and_starts_again_when_asked()
    {
        await _line.RunAsync("init");
        _line.Write("stages/s.yml", "name: s\nworkflows: [{name: measure}]\n");
        _line.Write("workflows/w/measure.json", Measure);
        var id = (await _line.RunAsync("doc", "add", "text")).Out.Trim();
        Directory.Delete(Path.Combine(_line.Folder, ".idflow/engine"), recursive: true);

        var lost = await _line.RunAsync("run");
        Assert.Equal(1, lost.ExitCode);
        Assert.Contains("1 stage lost its workflow:", lost.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("blocked before", lost.Error, StringComparison.Ordinal);
        Assert.StartsWith($"{id} s: the engine does not know its workflow", lost.Out, StringComparison.Ordinal);

        Assert.StartsWith($"{id} s: started, run 2", (await _line.RunAsync("stage", "evaluate", "--all")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await _line.RunAsync("run")).ExitCode);
        Assert.True(File.Exists(Path.Combine(_line.Folder, "data/active", id, "stages/s/2/measure.md")));
    }

    [Fact]
    public async Task A_task_that_no_worker_serves_is_named()
    {
        await _line.RunAsync("init");
        _line.Write("stages/s.yml", "name: s\nworkflows: [{name: count}]\n");
        _line.Write("workflows/w/count.json", """{"name": "count", "tasks": [{"name": "word_cout", "taskReferenceName": "c", "type": "SIMPLE"}]}""");
        await _line.RunAsync("doc", "add", "text");
        var run = await _line.RunAsync("run");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("1 task is left that no worker serves:", run.Error, StringComparison.Ordinal);
        Assert.StartsWith("word_cout 'c' of count (", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_that_fails_is_told_with_its_innermost_reason_and_again_as_blocked_by_the_next_run()
    {
        await _line.RunAsync("init");
        _line.Write("stages/s.yml", "name: s\nworkflows: [{name: bad}]\n");
        _line.Write("workflows/w/bad.json", """{"name": "bad", "tasks": [{"name": "t", "taskReferenceName": "t", "type": "TERMINATE", "inputParameters": {"terminationStatus": "FAILED", "terminationReason": "it is Monday"}}]}""");
        var id = (await _line.RunAsync("doc", "add", "text")).Out.Trim();
        var failed = await _line.RunAsync("run");
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains($"error: A stage failed: {id} s: bad: it is Monday\n", failed.Error, StringComparison.Ordinal);
        Assert.Contains("done    prepare_stage_workflows", failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(failed.Error.Split('\n'), line => line.StartsWith("error:", StringComparison.Ordinal) && line.Contains("stage_workflow", StringComparison.Ordinal));

        var next = await _line.RunAsync("run");
        Assert.Equal((0, $"{id} s: bad: it is Monday\n"), (next.ExitCode, next.Out));
        Assert.Contains("1 stage was blocked before", next.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timer_that_is_due_after_the_time_limit_is_left()
    {
        await _line.RunAsync("init");
        _line.Write("workflows/w/later.json", """{"name": "later", "tasks": [{"name": "w", "taskReferenceName": "w", "type": "WAIT", "inputParameters": {"duration": "1 hours"}}]}""");
        await _line.RunAsync("workflow", "run", "later");
        var run = await _line.RunAsync("run", "--timeout", "20s");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("1 task is left waiting:", run.Error, StringComparison.Ordinal);
        Assert.Contains("WAIT 'w' of later", run.Out, StringComparison.Ordinal);
        var wrong = await _line.RunAsync("run", "--timeout", "soon");
        Assert.Equal(2, wrong.ExitCode);
    }
}
