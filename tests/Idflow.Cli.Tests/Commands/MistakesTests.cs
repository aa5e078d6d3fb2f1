namespace Idflow.Cli.Tests.Commands;

/// <summary>What a person is told who mistypes an option, gives a value of the wrong kind, or breaks a definition.</summary>
public sealed class MistakesTests : IDisposable
{
    private const string Note = "name: note\nworkflows: [{name: measure}]\nrequirements: {attribute_checks: [{attribute: kind, operator: EQ, value: note}]}\n";

    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData("--sett=a=1", "'--sett=a=1' is not an argument of 'idflow doc add'", "--set")]
    [InlineData("--statu", "'--statu' is not an argument of 'idflow doc add'", "--status")]
    public async Task An_option_that_does_not_exist_never_becomes_the_text_of_a_document(string option, string said, string nearest)
    {
        await _line.RunAsync("init");
        var added = await _line.RunAsync("doc", "add", option);
        Assert.Equal((2, ""), (added.ExitCode, added.Out));
        Assert.Contains(said, added.Error, StringComparison.Ordinal);
        Assert.Contains($"Did you mean '{nearest}'?", added.Error, StringComparison.Ordinal);
        Assert.Equal("0\n", (await _line.RunAsync("doc", "list", "--count")).Out);
    }

    [Fact]
    public async Task The_demo_leaves_a_project_with_documents_of_its_own_alone()
    {
        await _line.RunAsync("init");
        await _line.RunAsync("doc", "add", "mine");
        var demo = await _line.RunAsync("demo", ".");
        Assert.Equal(1, demo.ExitCode);
        Assert.Contains("is a project with documents of its own; nothing was changed.", demo.Error, StringComparison.Ordinal);
        Assert.Equal("1\n", (await _line.RunAsync("doc", "list", "--count")).Out);
    }

    [Fact]
    public async Task A_port_that_does_not_exist_is_told()
    {
        await _line.RunAsync("init");
        var up = await _line.RunAsync("up", "--urls", "http://127.0.0.1:99999");
        Assert.Equal(2, up.ExitCode);
        Assert.Contains("there is no port 99999", up.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- a list")]
    [InlineData("-- not an option")]
    public async Task Text_that_begins_with_a_dash_is_an_argument(string body)
    {
        await _line.RunAsync("init");
        Assert.Equal(0, (await _line.RunAsync("doc", "add", body)).ExitCode);
        Assert.Equal(0, (await _line.RunAsync("doc", "add", "--", "--status")).ExitCode);
        Assert.Equal("2\n", (await _line.RunAsync("doc", "list", "--count")).Out);
    }

    [Fact]
    public async Task A_value_of_the_wrong_kind_is_told_on_one_line_without_type_names()
    {
        Assert.StartsWith("error: Cannot parse argument 'x' for option '--limit': a whole number is needed.\n", (await _line.RunAsync("doc", "list", "--limit", "x")).Error, StringComparison.Ordinal);
        Assert.StartsWith("error: Cannot parse argument 'FAILD' for option '--status'. It is one of: COMPLETED, FAILED, ", (await _line.RunAsync("workflow", "runs", "--status", "FAILD")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_is_not_JSON_is_told_with_its_argument_and_without_the_help_of_filters()
    {
        await _line.RunAsync("init");
        var added = await _line.RunAsync("doc", "add", "x", "--json", "deep={oops");
        Assert.Equal(2, added.ExitCode);
        Assert.StartsWith("error: --json deep: not valid JSON at line 1, column 2", added.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("filter", added.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_takes_patterns_and_adds_nothing_when_one_path_is_wrong()
    {
        await _line.RunAsync("init");
        _line.Write("in/a.md", "a");
        _line.Write("in/b.txt", "b");
        _line.Write("in/deep/c.md", "c");
        Assert.Equal((2, ""), await OfAsync("doc", "import", "in", "nowhere"));
        Assert.Equal((2, ""), await OfAsync("doc", "import", "in/*.pdf"));
        Assert.Equal((2, ""), await OfAsync("doc", "import"));
        Assert.Equal(1, (await OfAsync("doc", "import", "in/*.md", "--glob")).Out.Count(c => c == '\n'));
        Assert.Equal((0, ""), await OfAsync("doc", "import", "--glob", "in/*.md"));
        Assert.Equal(1, (await OfAsync("doc", "import", "in", "--glob", "*.txt")).Out.Count(c => c == '\n'));
        Assert.Equal(1, (await OfAsync("doc", "import", "in")).Out.Count(c => c == '\n'));

        async Task<(int ExitCode, string Out)> OfAsync(params string[] args) => await _line.RunAsync(args) is var done ? (done.ExitCode, done.Out) : default;
    }

    [Fact]
    public async Task A_filter_that_finds_nothing_tells_of_a_property_that_no_document_has()
    {
        await _line.RunAsync("init");
        await _line.RunAsync("doc", "add", "x", "--set", "title=A");
        var found = await _line.RunAsync("doc", "list", "--filter", "titel=A", "--json");
        Assert.Equal((0, "[]\n"), (found.ExitCode, found.Out));
        Assert.Equal("warning: no document has a property 'titel'. Did you mean 'title'?\n", found.Error);
        Assert.Equal("", (await _line.RunAsync("doc", "list", "--filter", "title=B", "--filter", "status=inbox", "--json")).Error);
    }

    [Fact]
    public async Task A_column_or_an_order_that_no_document_has_is_told_and_the_listing_stands()
    {
        await _line.RunAsync("init");
        await _line.RunAsync("doc", "add", "x", "--set", "title=A", "--set", "meta.owner=ada");
        await _line.RunAsync("doc", "add", "x", "--set", "rare=1");

        var wrong = await _line.RunAsync("doc", "list", "--sort", "-titel", "--col", "titel,stage,meta.onwer,nothing_like_it");

        Assert.Equal(0, wrong.ExitCode);
        Assert.Equal(
            """
            warning: no document has a property 'titel'. Did you mean 'title'?
            warning: no document has a property 'stage'. Did you mean 'stages'?
            warning: no document has a property 'meta.onwer'. Did you mean 'meta.owner'?
            warning: no document has a property 'nothing_like_it'.

            """,
            wrong.Error);
        Assert.Equal(3, wrong.Out.Count(c => c == '\n'));
        Assert.Equal("", (await _line.RunAsync("doc", "list", "--sort", "meta.owner,id,stage", "--limit", "1", "--col", "id,path,status,stages,rare")).Error);
    }

    [Fact]
    public async Task A_change_that_changes_nothing_says_so()
    {
        await _line.RunAsync("init");
        var id = (await _line.RunAsync("doc", "add", "x", "--set", "title=A", "--set", "draft=true")).Out.Trim();

        var empty = await _line.RunAsync("doc", "modify", id);
        var missing = await _line.RunAsync("doc", "modify", id, "--unset", "titel", "--unset", "draft");

        Assert.Equal((0, ""), (empty.ExitCode, empty.Out));
        Assert.StartsWith("warning: nothing was asked for", empty.Error, StringComparison.Ordinal);
        Assert.Equal(0, missing.ExitCode);
        Assert.Equal("warning: --unset: the document has no property 'titel'. Did you mean 'title'?\n", missing.Error);
        Assert.Equal("""{"title":"A"}""", (await _line.RunAsync("doc", "show", id, "--json")).Json!["properties"]!.ToJsonString());
    }

    [Fact]
    public async Task A_broken_document_is_named_by_a_path_that_can_be_opened()
    {
        await _line.RunAsync("init", "project");
        var id = (await _line.RunAsync("-C", "project", "doc", "add", "x")).Out.Trim();
        var file = _line.Write($"project/data/inbox/{id}/doc.md", "---\na: [\n---\n");

        var listed = await _line.RunAsync("-C", "project", "doc", "list");
        var shown = await _line.RunAsync("-C", "project", "doc", "show", id);
        _line.Variables["IDFLOW_PROJECT"] = Path.Combine(_line.Folder, "project");
        var inside = await _line.RunAsync("doc", "list");

        Assert.StartsWith($"warning: project/data/inbox/{id}/doc.md:", listed.Error, StringComparison.Ordinal);
        Assert.StartsWith($"error: project/data/inbox/{id}/doc.md:", shown.Error, StringComparison.Ordinal);
        Assert.StartsWith($"warning: project/data/inbox/{id}/doc.md:", inside.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task Import_names_a_file_once_and_the_document_that_is_there_already()
    {
        await _line.RunAsync("init");
        _line.Write("in/a.md", "a");
        _line.Write("in/same.txt", "a");
        _line.Write("in/broken.md", "---\na: [\n---\n");

        var imported = await _line.RunAsync("doc", "import", "in");
        var nothing = await _line.RunAsync("doc", "import", "in", "--glob", "*.pdf");

        Assert.StartsWith("skipped in/broken.md:3:1: ", imported.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_line.Folder, imported.Error, StringComparison.Ordinal);
        Assert.Contains($"skipped in/same.txt: there already, as {imported.Out.Trim()}\n1 added, 2 skipped.\n", imported.Error, StringComparison.Ordinal);
        Assert.Equal("warning: no file in in has a name like *.pdf.\n0 added, 0 skipped.\n", nothing.Error);
    }

    [Fact]
    public async Task A_project_in_an_impossible_place_says_why_and_what_to_do()
    {
        _line.Write("file", "x");

        var made = await _line.RunAsync("init", "file/below/it");

        Assert.Equal(5, made.ExitCode);
        Assert.Contains($"{Path.Combine(_line.Folder, "file")} is a file.\nhint: Name a folder that you may write to", made.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_leaves_the_project_is_wrong_usage()
    {
        await _line.RunAsync("init");
        var located = await _line.RunAsync("doc", "locate", "../..");
        Assert.Equal(2, located.ExitCode);
        Assert.Contains("'../..' cannot be a document id: it holds a path separator", located.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_stage_file_is_told_when_a_document_is_added_and_once_when_work_runs()
    {
        await _line.RunAsync("init");
        _line.Write("stages/note.yml", Note.Replace("requirements", "requirments", StringComparison.Ordinal));
        const string Said = "warning: stages/note.yml:3:1: Unknown key 'requirments' in a stage definition. Did you mean 'requirements'?";
        foreach (var args in new string[][] { ["doc", "add", "x"], ["run"] })
        {
            var done = await _line.RunAsync(args);
            Assert.Equal(0, done.ExitCode);
            Assert.Single(done.Error.Split('\n'), line => line == Said);
        }
    }

    [Fact]
    public async Task A_stage_whose_workflow_file_is_broken_names_the_file()
    {
        await _line.RunAsync("init");
        _line.Write("stages/note.yml", Note);
        _line.Write("workflows/measure/measure.json", "{\"name\": \"measure\",\n \"tasks\": [,]}");
        var added = await _line.RunAsync("doc", "add", "x", "--set", "kind=note");
        Assert.Equal(0, added.ExitCode);
        Assert.Contains("the workflow 'measure' does not exist.", added.Error, StringComparison.Ordinal);
        Assert.Contains("It may be in a file that cannot be used: workflows/measure/measure.json:2:12", added.Error, StringComparison.Ordinal);
    }
}
