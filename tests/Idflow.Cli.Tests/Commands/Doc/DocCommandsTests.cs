using Idflow.Cli.Tests.TestKit;

namespace Idflow.Cli.Tests.Commands.Doc;

/// <summary>The doc commands as the real program runs them.</summary>
public sealed class DocCommandsTests : IDisposable
{
    private readonly ProjectFolder _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public async Task Add_stores_typed_values_references_and_files_and_show_tells_them()
    {
        var other = await _project.AddAsync("the other");
        _project.Write("scan.txt", "scanned");
        var id = await _project.AddAsync(
            "A body.", "--set", "title=\"5\"", "--set", "rank=3", "--set", "meta.owner=ada", "--set", "hot=true", "--set", "zip=007",
            "--list-add", "tags=a", "--list-add", "tags=b", "--json", "deep={\"x\": [1, 2.0, null]}",
            "--add-doc", $"source={other[..8]}", "--doc-data", "source.page=7", "--add-file", "scan=scan.txt", "--file-data", "scan={\"pages\": 2}");

        var shown = await _project.JsonAsync("doc", "show", id[..6], "--json");

        Assert.Equal(id, (string)shown["id"]!);
        Assert.Equal("inbox", (string)shown["status"]!);
        Assert.Equal(_project.File("data", "inbox", id, "doc.md"), (string)shown["path"]!);
        Assert.Equal(
            """{"title":"5","rank":3,"meta":{"owner":"ada"},"hot":true,"zip":"007","tags":["a","b"],"deep":{"x":[1,2.0,null]}}""",
            shown["properties"]!.ToJsonString());
        Assert.Equal("A body.", ((string)shown["body"]!).TrimEnd());
        Assert.Equal($$$"""[{"key":"source","uuid":"{{{other}}}","data":{"page":7}}]""", shown["documents"]!.ToJsonString());
        var file = Assert.Single(shown["files"]!.AsArray())!;
        Assert.Equal(("scan", "scan.txt", 2), ((string)file["key"]!, (string)file["filename"]!, (int)file["data"]!["pages"]!));
        Assert.Equal("scanned", await File.ReadAllTextAsync(_project.File("data", "inbox", id, (string)file["uuid"]!)));
    }

    [Fact]
    public async Task A_number_is_stored_as_it_was_typed()
    {
        var id = await _project.AddAsync(
            "x", "--set", "v=1.10", "--set", "deep.w=-0.50", "--set", "e=1e3", "--set", "big=2.5e+3", "--set", "n=7", "--list-add", "list=3.0", "--list-add", "list=3.00",
            "--add-doc", $"self={await _project.AddAsync("y")}", "--doc-data", "self.page=2.0");
        var path = (await _project.RunAsync("doc", "locate", id)).Succeeded().Text;
        var text = await File.ReadAllTextAsync(path);

        Assert.Contains("\nv: 1.10\ndeep:\n  w: -0.50\ne: 1000.0\nbig: 2.5e+3\nn: 7\nlist:\n- 3.0\n- 3.00\n", text, StringComparison.Ordinal);
        Assert.Contains("page: 2.0\n", text, StringComparison.Ordinal);
        var shown = await _project.JsonAsync("doc", "show", id, "--json");
        Assert.Equal("""{"v":1.1,"deep":{"w":-0.5},"e":1000.0,"big":2500.0,"n":7,"list":[3.0,3.0]}""", shown["properties"]!.ToJsonString());
        Assert.Equal(id, (await _project.RunAsync("doc", "list", "--filter", "v=1.1", "--col", "id")).Succeeded().Text);

        (await _project.RunAsync("doc", "modify", id, "--set", "v=1.100", "--set", "n=7.0")).Succeeded();
        Assert.Equal(text.Replace("v: 1.10\n", "v: 1.100\n", StringComparison.Ordinal).Replace("n: 7\n", "n: 7.0\n", StringComparison.Ordinal), await File.ReadAllTextAsync(path));
        (await _project.RunAsync("doc", "modify", id, "--set", "v=1.5", "--set", "v.x=1")).Failed(2, "a number");
    }

    [Fact]
    public async Task Modify_changes_only_what_is_named_and_never_erases_the_body()
    {
        var id = await _project.AddAsync("Keep me.", "--set", "a=1", "--set", "meta.x=1", "--set", "meta.y=2");
        var path = (await _project.RunAsync("doc", "locate", id)).Succeeded().Text;
        var text = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, text.Replace("a: 1", "a: 1   # by hand", StringComparison.Ordinal));

        (await _project.RunWithInputAsync("", "doc", "modify", id, "--set", "b=2", "--unset", "meta.x")).Succeeded();
        (await _project.RunWithInputAsync("ignored", "doc", "modify", id, "--set", "b=3")).Succeeded();

        var changed = await File.ReadAllTextAsync(path);
        Assert.Contains("a: 1   # by hand", changed, StringComparison.Ordinal);
        Assert.Contains("Keep me.", changed, StringComparison.Ordinal);
        var shown = await _project.JsonAsync("doc", "show", id, "--json");
        Assert.Equal("""{"a":1,"meta":{"y":2},"b":3}""", shown["properties"]!.ToJsonString());

        (await _project.RunWithInputAsync("New text.\n", "doc", "modify", id, "--body", "-")).Succeeded();
        Assert.EndsWith("---\nNew text.\n", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_filters_sorts_limits_and_counts()
    {
        var low = await _project.AddAsync("x", "--set", "priority=0.2", "--set", "title=Low");
        var high = await _project.AddAsync("x", "--set", "priority=0.9", "--set", "title=High", "--status", "done");
        var none = await _project.AddAsync("x", "--set", "title=None");

        Assert.Equal([high], (await _project.RunAsync("doc", "list", "--filter", "priority=>0.5", "--col", "id")).Succeeded().Lines);
        Assert.Equal(["High", "Low", "None"], (await _project.RunAsync("doc", "list", "--sort", "-priority", "--col", "title")).Succeeded().Lines);
        Assert.Equal("2", (await _project.RunAsync("doc", "list", "--filter", "priority=exists", "--count")).Succeeded().Text);
        var first = Assert.Single((await _project.JsonAsync("doc", "list", "--sort", "priority", "--limit", "1", "--json")).AsArray())!;
        Assert.Equal(low, (string)first["id"]!);
        Assert.Equal(["id", "status", "path", "properties"], first.AsObject().Select(pair => pair.Key).Take(4));
        Assert.False(first.AsObject().ContainsKey("body"));
        var table = (await _project.RunAsync("doc", "list", "--filter", "status=inbox", "--col", "title", "--col", "id")).Succeeded().Lines;
        Assert.Equal(3, table.Length);
        Assert.Contains(table, line => line.Contains(none, StringComparison.Ordinal));
        var nothing = (await _project.RunAsync("doc", "list", "--filter", "priority=7")).Succeeded();
        Assert.Equal("", nothing.Out);
        Assert.Equal("[]", (await _project.RunAsync("doc", "list", "--filter", "priority=7", "--json")).Succeeded().Text);
    }

    [Fact]
    public async Task A_file_that_is_broken_by_hand_is_named_and_does_not_stop_a_listing()
    {
        var good = await _project.AddAsync("good");
        var bad = await _project.AddAsync("bad");
        await File.WriteAllTextAsync(_project.File("data", "inbox", bad, "doc.md"), "---\nid: x\ntags: [a\n---\n");

        var listed = (await _project.RunAsync("doc", "list", "--col", "id")).Succeeded();

        Assert.Equal([good], listed.Lines);
        Assert.Contains($"inbox/{bad}/doc.md:", listed.Error, StringComparison.Ordinal);
        (await _project.RunAsync("doc", "show", bad)).Failed(5, $"inbox/{bad}/doc.md:");
    }

    [Fact]
    public async Task Set_status_moves_the_document()
    {
        var id = await _project.AddAsync("x");

        (await _project.RunAsync("doc", "set-status", id, "archived")).Succeeded();

        Assert.True(File.Exists(_project.File("data", "archived", id, "doc.md")));
        Assert.False(Directory.Exists(_project.File("data", "inbox", id)));
        (await _project.RunAsync("doc", "set-status", id, "archvied")).Failed(2, "'archived'");
    }

    [Fact]
    public async Task Search_finds_bodies_and_results()
    {
        var id = await _project.AddAsync("The squadron sailed to Tripoli.");
        _project.Write($"data/inbox/{id}/stages/research/1/stage.md", "---\nstatus: done\n---\n\n");
        _project.Write($"data/inbox/{id}/stages/research/1/report.md", "---\nk: 1\n---\nThe tribute was refused.\n");

        var body = Assert.Single((await _project.JsonAsync("doc", "search", "tripoli", "squadron", "--json")).AsArray())!;
        var result = Assert.Single((await _project.JsonAsync("doc", "search", "tribute", "--json")).AsArray())!;

        Assert.Equal((id, null), ((string)body["id"]!, (string?)body["result"]));
        Assert.Equal((id, "research/1/report"), ((string)result["id"]!, (string?)result["result"]));
        Assert.Contains("Tripoli", (await _project.RunAsync("doc", "search", "tripoli")).Succeeded().Out, StringComparison.Ordinal);
        (await _project.RunAsync("doc", "search", "***")).Failed(2, "no word to search for");
    }

    [Fact]
    public async Task Import_keeps_front_matter_names_what_it_skips_and_adds_nothing_twice()
    {
        _project.Write("notes/one.md", "---\nrank: 5\ntags: [a]\n---\n# One\n\nFirst.\n");
        _project.Write("notes/sub/two.txt", "Second.\n");
        _project.Write("notes/three.bin", "not asked for");
        await File.WriteAllBytesAsync(_project.File("notes", "broken.md"), [0x2d, 0x2d, 0x2d, 0x0a, 0xff, 0xfe]);

        var first = (await _project.RunAsync("doc", "import", "notes")).Succeeded();
        var second = (await _project.RunAsync("doc", "import", "notes")).Succeeded();

        Assert.Equal(2, first.Lines.Length);
        Assert.Contains("broken.md", first.Error, StringComparison.Ordinal);
        Assert.Empty(second.Lines);
        Assert.Equal("2", (await _project.RunAsync("doc", "list", "--count")).Succeeded().Text);
        var one = Assert.Single((await _project.JsonAsync("doc", "list", "--filter", "rank=5", "--json")).AsArray())!;
        Assert.Equal("""["a"]""", one["properties"]!["tags"]!.ToJsonString());
        Assert.Equal("One", (string)one["properties"]!["title"]!);
        (await _project.RunAsync("doc", "import", "nowhere")).Failed(2, "nowhere");
    }

    [Fact]
    public async Task Destruction_needs_a_yes_where_nobody_can_be_asked()
    {
        var id = await _project.AddAsync("x", "--set", "scratch=true");
        await _project.AddAsync("y");

        (await _project.RunWithInputAsync("y\n", "doc", "drop", id)).Failed(2, "--yes");
        (await _project.RunAsync("doc", "drop-all")).Failed(2, "--yes");
        Assert.True(Directory.Exists(_project.File("data", "inbox", id)));

        Assert.Equal("1", (await _project.RunAsync("doc", "drop-all", "--filter", "scratch=true", "--yes")).Succeeded().Text);
        Assert.False(Directory.Exists(_project.File("data", "inbox", id)));
        (await _project.RunAsync("doc", "drop", id, "--yes")).Failed(3, id);
        Assert.Equal("1", (await _project.RunAsync("doc", "list", "--count")).Succeeded().Text);
    }

    [Fact]
    public async Task Edit_runs_the_editor_and_keeps_a_text_that_is_broken()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the editor here is a shell command");
        var id = await _project.AddAsync("old", "--set", "rank=1");

        (await IdflowProcess.RunAsync(_project.Path, ["doc", "edit", id], "", ("VISUAL", "sed -i 's/rank: 1/rank: 2/'"))).Succeeded();
        Assert.Equal("1", (await _project.RunAsync("doc", "list", "--filter", "rank=2", "--count")).Succeeded().Text);

        (await IdflowProcess.RunAsync(_project.Path, ["doc", "edit", id], "", ("VISUAL", "sed -i 's/rank: 2/rank: [2/'"))).Failed(5, "doc.md:");
        Assert.Contains("rank: [2", await File.ReadAllTextAsync(_project.File("data", "inbox", id, "doc.md")), StringComparison.Ordinal);
        (await IdflowProcess.RunAsync(_project.Path, ["doc", "edit", id], "", ("VISUAL", "false"))).Failed(1, "exit code 1");
    }

    [Theory]
    [InlineData(2, "did you mean 'inbox'?", "doc", "list", "--filter", "status=inbx")]
    [InlineData(2, "no '='", "doc", "list", "--filter", "rank")]
    [InlineData(2, "not a property", "doc", "add", "x", "--set", "status=done")]
    [InlineData(2, "line 1, column", "doc", "add", "x", "--json", "k={")]
    [InlineData(2, "no file nothing.txt", "doc", "add", "x", "--add-file", "k=nothing.txt")]
    [InlineData(2, "'list'", "doc", "lisst")]
    [InlineData(3, "abcdef", "doc", "show", "abcdef")]
    [InlineData(3, "at least 4", "doc", "show", "ab")]
    [InlineData(3, "abcdef", "doc", "add", "x", "--add-doc", "k=abcdef")]
    public async Task A_mistake_is_a_sentence_and_an_exit_code_and_stores_nothing(int exitCode, string message, params string[] arguments)
    {
        (await _project.RunAsync(arguments)).Failed(exitCode, message);

        Assert.False(Directory.Exists(_project.File("data", "inbox")));
    }

    [Fact]
    public async Task A_body_comes_from_stdin_by_a_dash_or_a_pipe()
    {
        var dash = (await _project.RunWithInputAsync("by dash\n", "doc", "add", "-")).Succeeded().Text;
        var pipe = (await _project.RunWithInputAsync("by pipe\n", "doc", "add", "--set", "a=1")).Succeeded().Text;

        Assert.EndsWith("by dash\n", await File.ReadAllTextAsync(_project.File("data", "inbox", dash, "doc.md")), StringComparison.Ordinal);
        Assert.EndsWith("by pipe\n", (await _project.RunAsync("doc", "show", pipe, "--raw")).Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_pipe_is_no_error()
    {
        for (var i = 0; i < 200; i++)
        {
            _project.Write($"data/inbox/doc{i:d4}/doc.md", $"---\nid: doc{i:d4}\nstatus: inbox\ntext: '{new string('x', 4000)}'\n---\n");
        }

        using var process = IdflowProcess.Start(_project.Path, ["doc", "list", "--json"]);
        process.StandardInput.Close();
        await process.StandardOutput.ReadLineAsync();
        process.StandardOutput.Close();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal("", error);
        Assert.Equal(0, process.ExitCode);
    }
}
