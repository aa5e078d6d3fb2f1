namespace Idflow.Cli.Tests.Commands;

/// <summary><c>init</c>, <c>vendor</c>, and the listings of stages and workflows.</summary>
public sealed class ProjectResourceCommandTests : IDisposable
{
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Fact]
    public async Task Init_makes_a_project_and_never_overwrites_one()
    {
        var made = await _line.RunAsync("init", "notes");
        Assert.Equal((0, Path.Combine(_line.Folder, "notes") + "\n"), (made.ExitCode, made.Out));
        Assert.Contains("config/idflow.yml", made.Error, StringComparison.Ordinal);
        var again = await _line.RunAsync("init", "notes");
        Assert.NotEqual(0, again.ExitCode);
        Assert.Contains("is an idflow project already; nothing was changed", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stage_list_shows_stages_with_their_files_and_reports_broken_ones()
    {
        await _line.RunAsync("init", "--empty");
        _line.Write("stages/mine.yml", "name: mine\nno_eval: true\nworkflows: [{name: w}]\nrequirements: {stages: {a: {status: done}}}\n");
        var listed = await _line.RunAsync("stage", "list", "--json");
        Assert.Equal(0, listed.ExitCode);
        var mine = listed.Json!.AsArray().Single(stage => (string?)stage!["name"] == "mine")!;
        Assert.Equal("""{"name":"mine","active":true,"no_eval":true,"multiple_callable":false,"workflows":[{"name":"w","version":null,"when":null,"inputs":{}}],"requirements":["stage a done"],"sources":[{"path":"stages/mine.yml","origin":"project"}]}""", mine.ToJsonString());

        _line.Write("stages/broken.yml", "name: b\nrequirement: {}\n");
        var broken = await _line.RunAsync("stage", "list");
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("mine", broken.Out, StringComparison.Ordinal);
        Assert.Contains("stages/broken.yml:2:1: Unknown key 'requirement' in a stage definition. Did you mean 'requirements'?", broken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workflow_list_and_show_name_the_file_of_each_definition()
    {
        await _line.RunAsync("init");
        _line.Write("workflows/w/w.json", """{"name": "mine", "tasks": [{"name": "n", "taskReferenceName": "n", "type": "NOOP"}]}""");
        var listed = await _line.RunAsync("workflow", "list", "--json");
        Assert.Equal(["blog_post_draft", "mine", "research_topic", "stage_evaluation_trigger", "stage_failure", "stage_sub_workflow", "stage_workflow"], listed.Json!.AsArray().Select(workflow => (string?)workflow!["name"]));
        Assert.Equal("workflows/w/w.json", (string?)listed.Json![1]!["file"]);
        var shown = await _line.RunAsync("workflow", "show", "mine");
        Assert.Equal("mine", (string?)shown.Json!["name"]);
        var unknown = await _line.RunAsync("workflow", "show", "mien");
        Assert.Equal(3, unknown.ExitCode);
        Assert.Contains("Did you mean 'mine'?", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _line.RunAsync("workflow", "show", "workflows/w/w.json")).ExitCode);
        Assert.Equal(3, (await _line.RunAsync("workflow", "show", "nowhere.json")).ExitCode);
    }

    [Fact]
    public async Task A_broken_workflow_file_is_named_with_line_and_column()
    {
        await _line.RunAsync("init");
        _line.Write("workflows/w/w.json", "{\"name\": \"x\",\n  oops}");
        var listed = await _line.RunAsync("workflow", "list");
        Assert.Equal(1, listed.ExitCode);
        Assert.Contains("workflows/w/w.json:2:3: This is not a workflow definition", listed.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await _line.RunAsync("workflow", "show", "workflows/w/w.json")).ExitCode);
    }

    [Fact]
    public async Task Vendor_list_shows_what_covers_what_and_copy_brings_it_here()
    {
        await _line.RunAsync("init");
        var copied = await _line.RunAsync("vendor", "copy", "core", "workflows/research_topic");
        Assert.Equal((0, "workflows/research_topic/research_topic.json\n"), (copied.ExitCode, copied.Out));
        var files = (await _line.RunAsync("vendor", "list", "--json")).Json!["files"]!.AsArray();
        Assert.Equal(
            [("project", true), ("core", false)],
            files.Where(file => (string?)file!["path"] == "workflows/research_topic/research_topic.json").Select(file => ((string?)file!["origin"], (bool)file["effective"]!)));
        Assert.Equal("prompts/create_blog_post_draft.md\n", (await _line.RunAsync("vendor", "copy", "core", "prompts/create_blog_post_draft.md")).Out);
        var again = await _line.RunAsync("vendor", "copy", "core", "workflows/research_topic");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("was left alone", again.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _line.RunAsync("vendor", "copy", "core", "--force")).ExitCode);
        Assert.Equal(0, (await _line.RunAsync("vendor", "copy", "core", "--force", "--yes")).ExitCode);
        Assert.Equal(3, (await _line.RunAsync("vendor", "copy", "crore")).ExitCode);
    }

    [Fact]
    public async Task Outside_a_project_a_command_says_how_to_make_one()
    {
        var result = await _line.RunAsync("stage", "list");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("idflow init", result.Error, StringComparison.Ordinal);
    }
}
