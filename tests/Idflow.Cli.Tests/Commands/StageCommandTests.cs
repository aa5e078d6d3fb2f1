namespace Idflow.Cli.Tests.Commands;

/// <summary><c>stage evaluate</c> and <c>stage run</c> with the real engine and workers.</summary>
public sealed class StageCommandTests : IAsyncLifetime
{
    private const string Note = "name: note\nmultiple_callable: true\nworkflows: [{name: hello}]\nrequirements: {attribute_checks: [{attribute: kind, operator: EQ, value: note}]}\n";

    private readonly CommandLine _line = new();

    public async ValueTask InitializeAsync()
    {
        await _line.RunAsync("init", "--empty");
        _line.Write("stages/note.yml", Note);
        _line.Write("workflows/w/hello.json", """{"name": "hello", "tasks": [{"name": "n", "taskReferenceName": "n", "type": "NOOP"}], "outputParameters": {"doc": {"title": "Hello ${workflow.input.doc.title}", "body": "text"}}}""");
        _line.Write("workflows/w/boom.json", """{"name": "boom", "tasks": [{"name": "b", "taskReferenceName": "b", "type": "INLINE", "inputParameters": {"expression": "throw new Error('on purpose')"}}]}""");
    }

    public ValueTask DisposeAsync()
    {
        _line.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_stage_runs_to_its_end_and_its_result_is_stored()
    {
        var id = await AddAsync("kind=note", "title=you");
        var run = await _line.RunAsync("stage", "run", "note", id[..6], "--wait");
        Assert.Equal((0, "note 1 done\n"), (run.ExitCode, run.Out));
        Assert.StartsWith("---\ntitle: Hello you\n---\ntext\n", await File.ReadAllTextAsync(Path.Combine(_line.Folder, "data", "active", id, "stages", "note", "1", "hello.md")), StringComparison.Ordinal);
        var stages = (await _line.RunAsync("stage", "list", "--doc", id, "--json")).Json!.AsArray();
        var note = stages.Single(stage => (string?)stage!["name"] == "note")!["runs"]![0]!;
        Assert.Equal(("done", "hello"), ((string?)note["status"], (string?)note["results"]![0]));
    }

    [Fact]
    public async Task A_stage_that_fails_exits_with_1_and_the_reason_stands_with_the_document()
    {
        _line.Write("stages/fails.yml", "name: fails\nno_eval: true\nworkflows: [{name: boom}]\n");
        var id = await AddAsync();
        var run = await _line.RunAsync("stage", "run", "fails", id, "--wait");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("fails 1 blocked: boom: Error evaluating the script `Error: on purpose`", run.Out, StringComparison.Ordinal);
        Assert.Contains("blocked (run 1): boom", (await _line.RunAsync("stage", "list", "--doc", id)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_says_what_is_missing_and_a_dry_run_starts_nothing()
    {
        var id = await AddAsync("kind=letter");
        var explained = await _line.RunAsync("stage", "evaluate", id, "--explain", "--json");
        var note = explained.Json!.AsArray().Single(outcome => (string?)outcome!["stage"] == "note")!;
        Assert.Equal("skipped", (string?)note["decision"]);
        Assert.Equal(
            """{"key":"attribute_checks[0]","holds":false,"wanted":"kind EQ \"note\"","found":"kind = \"letter\"","missing":"'kind' must be EQ \"note\", it is \"letter\""}""",
            note["requirements"]![0]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        _line.Write("stages/any.yml", "name: any\n");
        var dry = await _line.RunAsync("stage", "evaluate", "--all", "--dry-run");
        Assert.Equal($"{id} any: started, run 1 starts\n", dry.Out);
        Assert.Contains("1 document evaluated; stages: 1 started, 3 skipped.", dry.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_line.Folder, "data", "inbox", id, "stages", "any", "1")));
    }

    [Fact]
    public async Task A_stage_that_may_not_start_says_why_and_wrong_names_offer_the_nearest()
    {
        var id = await AddAsync("kind=letter");
        var refused = await _line.RunAsync("stage", "run", "note", id);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("its requirements do not hold", refused.Error, StringComparison.Ordinal);
        var unknown = await _line.RunAsync("stage", "run", "noet", id);
        Assert.Equal(3, unknown.ExitCode);
        Assert.Contains("Did you mean 'note'?", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await _line.RunAsync("stage", "run", "note", "ffffffff")).ExitCode);
        Assert.Equal(2, (await _line.RunAsync("stage", "evaluate")).ExitCode);
        Assert.Equal(2, (await _line.RunAsync("stage", "evaluate", id, "--all")).ExitCode);
    }

    [Fact]
    public async Task While_the_engine_is_away_a_document_is_stored_and_its_start_is_sent_by_the_next_run()
    {
        _line.Write("config/idflow.yml", "conductor: {server_url: 'http://127.0.0.1:9'}\n");
        var added = await _line.RunAsync("doc", "add", "text", "--set", "kind=note");
        Assert.Equal(0, added.ExitCode);
        Assert.Contains("stage note: pending, its start is kept and sent later", added.Error, StringComparison.Ordinal);
        Assert.Equal(4, (await _line.RunAsync("workflow", "runs")).ExitCode);
        _line.Write("config/idflow.yml", "");
        Assert.Equal(0, (await _line.RunAsync("run")).ExitCode);
        Assert.Equal("done", (string?)(await _line.RunAsync("stage", "list", "--doc", added.Out.Trim(), "--json")).Json!.AsArray().Single(stage => (string?)stage!["name"] == "note")!["runs"]![0]!["status"]);
    }

    private async Task<string> AddAsync(params string[] properties)
    {
        var added = await _line.RunAsync(["doc", "add", "text", .. properties.SelectMany(property => new[] { "--set", property })]);
        Assert.Equal(0, added.ExitCode);
        return added.Out.Trim();
    }
}
