using Idflow.Documents.Model;
using static Idflow.Documents.Tests.Index.IndexTree;

namespace Idflow.Documents.Tests.Index;

public sealed class DocumentIndexTests : IDisposable
{
    private readonly IndexTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task An_edit_by_hand_is_seen_by_the_next_query()
    {
        _tree.WriteDocument("inbox", "a", "n: 1\n");
        _tree.WriteDocument("inbox", "b", "n: 2\n");
        using var index = _tree.Open();
        Assert.Equal("a", await Ids(index, "n=1"));

        _tree.WriteDocument("inbox", "b", "n: 1\n");
        Assert.Equal("a b", await Ids(index, "n=1"));

        Directory.Delete(_tree.Folder("inbox", "a"), recursive: true);
        Assert.Equal("b", await Ids(index, "n=1"));
    }

    [Fact]
    public async Task A_change_that_keeps_size_and_modification_time_is_seen()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the change time of the inode");
        var path = Path.Combine(_tree.Folder("inbox", "a"), "doc.md");
        _tree.WriteDocument("inbox", "a", "n: 1\n");
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 1, DateTimeKind.Utc));
        using var index = _tree.Open();
        Assert.Equal("a", await Ids(index, "n=1"));

        File.WriteAllText(path, File.ReadAllText(path).Replace("n: 1", "n: 2", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 1, DateTimeKind.Utc));
        Assert.Equal("", await Ids(index, "n=1"));
    }

    [Fact]
    public async Task Stages_and_results_are_found_and_their_edits_seen()
    {
        _tree.WriteDocument("active", "a");
        using var index = _tree.Open();
        Assert.Equal("", await Ids(index, "stage=exists"));

        _tree.WriteStage("active", "a", "research", 1, "active");
        Assert.Equal("a", await Ids(index, "stage=research:active"));

        _tree.WriteStage("active", "a", "research", 1, "done");
        _tree.WriteStage("active", "a", "research", 2, "scheduled");
        _tree.WriteResult("active", "a", "research", 1, "sources/one", "an elephant\n");
        Assert.Equal("a", await Ids(index, "stage=research:done"));
        Assert.Equal([("a", "research/1/sources/one")], (await index.SearchAsync("Elephant", 5)).Select(hit => (hit.DocumentId, hit.Result!)));

        _tree.WriteResult("active", "a", "research", 1, "sources/one", "a giraffe\n");
        Assert.Empty(await index.SearchAsync("elephant", 5));
        Assert.Single(await index.SearchAsync("giraffe", 5));
        var summary = Assert.Single((await Ask(index)).Documents);
        Assert.Equal([new StageSummary("research", 1, StageStatus.Done), new StageSummary("research", 2, StageStatus.Scheduled)], summary.Stages);
    }

    [Fact]
    public async Task Broken_files_are_reported_with_their_line_and_stop_nothing()
    {
        _tree.WriteDocument("inbox", "good");
        _tree.Write(Path.Combine(_tree.Folder("inbox", "bad"), "doc.md"), "---\nid: bad\nstatus: inbox\nx: [1\n---\n");
        _tree.WriteDocument("done", "odd");
        _tree.Write(Path.Combine(_tree.Folder("done", "odd"), "doc.md"), "---\nid: odd\nstatus: inbox\n---\n");
        _tree.WriteStage("done", "odd", "research", 1, "dnoe");
        using (var index = _tree.Open())
        {
            Assert.Equal("good odd", await Ids(index));
        }

        using var again = _tree.Open();
        var problems = (await Ask(again)).Problems;
        Assert.Equal(
            [("inbox/bad/doc.md", false), ("done/odd/doc.md", true), ("done/odd/stages/research/1/stage.md", false)],
            problems.Select(problem => (problem.Path, problem.IsWarning)));
        Assert.All(problems, problem => Assert.True(problem.Line > 0));
        Assert.Contains("done", problems[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_in_two_folders_is_a_problem_of_both()
    {
        _tree.WriteDocument("inbox", "twin");
        _tree.WriteDocument("done", "twin");
        _tree.WriteDocument("done", "other");
        using var index = _tree.Open();

        Assert.Equal("other", await Ids(index));
        Assert.Equal(["inbox/twin/doc.md", "done/twin/doc.md"], (await Ask(index)).Problems.Select(problem => problem.Path));
    }

    [Fact]
    public async Task Folders_that_are_no_documents_are_left_alone()
    {
        _tree.WriteDocument("inbox", "a");
        _tree.WriteDocument("inbox", ".deleted-x");
        _tree.WriteDocument("elsewhere", "b");
        Directory.CreateDirectory(_tree.Folder("inbox", "empty"));
        _tree.Write(Path.Combine(_tree.Data, "inbox", "stray.md"), "x");
        using var index = _tree.Open();

        Assert.Equal("a", await Ids(index));
        Assert.Empty((await Ask(index)).Problems);
    }

    [Fact]
    public async Task No_data_folder_is_no_documents()
    {
        using var index = _tree.Open();

        Assert.Equal("", await Ids(index));
        Assert.Empty(await index.SearchAsync("x", 5));
    }

    [Theory]
    [InlineData("inbox/a/Doc.md", "Doc.md is; a document is in the file doc.md.")]
    [InlineData("inbox/a/stages/s/1/stage.md", "stages/ of a document are")]
    [InlineData("inbox/a/doc.md/x", "is a folder")]
    public async Task A_folder_that_has_lost_its_document_is_reported_until_it_is_back(string left, string said)
    {
        Assert.SkipWhen(left.Contains("Doc.md", StringComparison.Ordinal) && !OperatingSystem.IsLinux(), "needs a file system that tells case apart");
        _tree.Write(Path.Combine(_tree.Data, left), "---\n---\n");
        Directory.CreateDirectory(_tree.Folder("inbox", "empty"));
        using var index = _tree.Open();

        var problem = Assert.Single((await Ask(index)).Problems);
        Assert.Equal(("inbox/a/doc.md", false), (problem.Path, problem.IsWarning));
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
        Assert.Equal([problem], (await index.StampsAsync()).Problems);

        Directory.Delete(_tree.Folder("inbox", "a"), recursive: true);
        _tree.WriteDocument("inbox", "a");
        Assert.Empty((await Ask(index)).Problems);
    }

    [Fact]
    public async Task A_document_that_loses_its_file_under_an_open_index_is_reported_by_the_next_query()
    {
        _tree.WriteDocument("inbox", "a");
        _tree.WriteStage("inbox", "a", "s", 1, "done");
        using var index = _tree.Open();
        Assert.Empty((await Ask(index)).Problems);

        File.Delete(Path.Combine(_tree.Folder("inbox", "a"), "doc.md"));
        Assert.Equal("inbox/a/doc.md", Assert.Single((await Ask(index)).Problems).Path);
    }

    [Fact]
    public async Task A_link_to_a_document_that_is_not_there_is_reported()
    {
        Directory.CreateDirectory(_tree.Folder("inbox", "a"));
        File.CreateSymbolicLink(Path.Combine(_tree.Folder("inbox", "a"), "doc.md"), "nowhere.md");
        using var index = _tree.Open();

        Assert.Contains("is a link to nowhere.md, which is not there", Assert.Single((await Ask(index)).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stamp_differs_after_an_edit_by_hand_and_a_broken_file_has_none()
    {
        _tree.WriteDocument("inbox", "a");
        _tree.WriteDocument("inbox", "b");
        using var index = _tree.Open();
        var before = (await index.StampsAsync()).Stamps;
        Assert.Equal(["a", "b"], before.Keys.Order(StringComparer.Ordinal));

        _tree.WriteDocument("inbox", "a", "n: 22\n");
        _tree.WriteDocument("inbox", "b", "n: [\n");
        var after = await index.StampsAsync();
        Assert.Equal(["a"], after.Stamps.Keys);
        Assert.Single(after.Problems);

        // A file that was written just now has no stamp to rely on yet.
        Assert.True(after.Stamps["a"] == 0 || after.Stamps["a"] != before["a"]);
    }

    [Fact]
    public async Task The_snippet_of_a_long_text_holds_the_first_place()
    {
        var filler = string.Concat(Enumerable.Repeat("nothing here\n", 5_000));
        _tree.WriteDocument("inbox", "a", body: filler + "A Café, néar Elephants stand. " + filler);
        using var index = _tree.Open();

        foreach (var words in (string[])["cafe", "\"CAFÉ near\"", "eleph*", "nothing elephants"])
        {
            Assert.Contains(words.StartsWith("nothing", StringComparison.Ordinal) ? "nothing here" : "A Café, néar Elephants stand.", Assert.Single(await index.SearchAsync(words, 5)).Snippet, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_text_that_is_full_of_a_word_is_searched_in_finite_time()
    {
        _tree.WriteDocument("inbox", "a", body: "Dolor lies before. " + string.Concat(Enumerable.Repeat("lorem ipsum ", 200_000)));
        _tree.WriteDocument("inbox", "b", body: "Only one lorem here.\n");
        using var index = _tree.Open();

        var hits = await index.SearchAsync("lorem", 5);
        Assert.Equal(["a", "b"], hits.Select(hit => hit.DocumentId).Order(StringComparer.Ordinal));
        Assert.Matches("^Dolor lies before. lorem (ipsum |lorem )+… $", hits.Single(hit => hit.DocumentId == "a").Snippet);
    }

    [Fact]
    public async Task Search_takes_words_phrases_and_beginnings_and_no_syntax()
    {
        _tree.WriteDocument("inbox", "a", body: "The Café near the old harbour, open late.\n");
        _tree.WriteDocument("inbox", "b", body: "An old open harbour.\n");
        using var index = _tree.Open();

        Assert.Equal(["a"], await Found("cafe late"));
        Assert.Equal(["a"], await Found("\"old harbour\""));
        Assert.Equal(["a", "b"], await Found("harb*"));
        Assert.Equal([], await Found("harb"));
        Assert.Equal([], await Found("NOT open-late( OR"));
        Assert.Contains("Café", (await index.SearchAsync("café", 1))[0].Snippet, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FilterException>(() => index.SearchAsync(" - \"*\" ", 5));

        async Task<IEnumerable<string>> Found(string words) =>
            (await index.SearchAsync(words, 10)).Select(hit => hit.DocumentId).Order(StringComparer.Ordinal);
    }
}
