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
