using System.Text;
using Idflow.Documents.Model;
using Idflow.Documents.Stores;
using Idflow.Documents.Tests.TestKit;

namespace Idflow.Documents.Tests.Stores;

/// <summary>What the Markdown store promises about files: hand edits, crashes, links, broken and missing things.</summary>
public sealed class MarkdownFilesTests : IAsyncDisposable
{
    private const string Id = "11111111-2222-4333-8444-555555555555";

    private readonly TemporaryFolder _folder = new();
    private readonly IDocumentStore _store;

    public MarkdownFilesTests() => _store = Open(_folder.File("data"));

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    private static IDocumentStore Open(string data, string? state = null) =>
        DocumentStores.Open(DocumentStores.FileSystemMarkdown, new DocumentStoreOptions { DataFolder = data, StateFolder = state, LockTimeout = TimeSpan.FromSeconds(5) });

    private string Path(params string[] steps) => _folder.File(["data", .. steps]);

    private string Write(string text, string status = "inbox", string id = Id)
    {
        Directory.CreateDirectory(Path(status, id));
        File.WriteAllText(Path(status, id, "doc.md"), text);
        return Path(status, id, "doc.md");
    }

    private Task<Document> Set(string key, object? value) => _store.UpdateAsync(Id, document => document with { Properties = document.Properties.With(key, value) });

    private static StageRun NewRun(int counter) => new() { DocumentId = "", StageName = "", Counter = counter };

    [Fact]
    public async Task A_hand_typed_file_keeps_every_byte_that_is_not_of_the_changed_key()
    {
        const string text = "\uFEFF---\r\n# mine\r\nid: \"" + Id + "\"   # quoted\r\nstatus: 'inbox'\r\n\r\nversion: 1.10\r\ntitle:  \"Old\"  # the title\r\nday: 2024-05-06\r\n---\r\n\r\nBody \r\nline\rend";
        var path = Write(text);
        await Set("title", "New");
        Assert.Equal(text.Replace("\"Old\"", "New", StringComparison.Ordinal), await File.ReadAllTextAsync(path, new UTF8Encoding(false, true)).ContinueWith(read => "\uFEFF" + read.Result.TrimStart('\uFEFF')));
        Assert.Equal([0xEF, 0xBB, 0xBF], (await File.ReadAllBytesAsync(path))[..3]);

        var body = (await _store.UpdateAsync(Id, document => document with { Body = "a\nb" })).Body;
        Assert.Equal("a\nb\n", body);
        Assert.EndsWith("day: 2024-05-06\r\n---\r\na\r\nb\r\n", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_may_not_be_changed_is_told_with_what_to_do()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("this user may change every folder");
            return;
        }

        Write("---\na: 1\n---\n");
        File.SetUnixFileMode(Path("inbox"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var error = await Assert.ThrowsAsync<DocumentException>(() => _store.DeleteAsync(Id));
            Assert.Contains("no permission", error.Message, StringComparison.Ordinal);
            Assert.Contains("Give this user write access", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.SetUnixFileMode(Path("inbox"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task A_change_that_says_nothing_new_does_not_touch_the_file()
    {
        var path = Write($"---\nid: {Id}\nstatus: inbox\na: 0x10\n---\nbody");
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await Set("a", 16L);
        await _store.UpdateAsync(Id, document => document);
        Assert.Equal(new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc), File.GetLastWriteTimeUtc(path));
    }

    [Fact]
    public async Task The_folder_is_the_truth_and_a_file_that_disagrees_is_mended_at_its_next_save()
    {
        var path = Write("---\nid: other\nstatus: done # wrong\ntitle: x\n---\n", "active");
        var document = await _store.GetAsync(Id);
        Assert.Equal((Id, DocumentStatus.Active), (document.Id, document.Status));
        var listed = await _store.QueryAsync(new DocumentQuery());
        Assert.Equal((Id, DocumentStatus.Active), (listed.Documents[0].Id, listed.Documents[0].Status));
        await Set("title", "y");
        Assert.Equal($"---\nid: {Id}\nstatus: active # wrong\ntitle: y\n---\n", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task A_file_without_front_matter_is_a_document_and_gets_one_at_its_next_change()
    {
        var path = Write("Just text\n", "blocked");
        Assert.Equal((DocumentStatus.Blocked, "Just text\n"), ((await _store.GetAsync(Id)).Status, (await _store.GetAsync(Id)).Body));
        await Set("a", 1L);
        Assert.Equal($"---\nstatus: blocked\nid: {Id}\na: 1\n---\nJust text\n", await File.ReadAllTextAsync(path));
    }

    [Theory]
    [InlineData("---\na: 1\nb: [1,\n---\n", 4, "")]
    [InlineData("---\na: 1\nb: 2024-13-45\n---\n", 3, "2024-13-45")]
    [InlineData("---\n- a\n---\n", 2, "must be a map")]
    [InlineData("---\na: b: c\nno end", 2, "closing line")]
    [InlineData("---\na: *none\n---\n", 2, "*none")]
    [InlineData("---\na: &x [*x]\n---\n", 2, "*x")]
    [InlineData("---\na: !thing b\n---\n", 2, "!thing")]
    public async Task A_broken_file_says_where_and_why_and_does_not_stop_a_listing(string text, int line, string reason)
    {
        Write(text);
        Write("---\ntitle: good\n---\n", "done", "good-one");
        var error = await Assert.ThrowsAsync<DocumentFormatException>(() => _store.GetAsync(Id));
        Assert.Equal(($"inbox/{Id}/doc.md", line), (error.Path, error.Line));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DocumentFormatException>(() => Set("a", 1L));
        Assert.Equal(text, await File.ReadAllTextAsync(Path("inbox", Id, "doc.md")));

        var listed = await _store.QueryAsync(new DocumentQuery());
        Assert.Equal("good-one", Assert.Single(listed.Documents).Id);
        var problem = Assert.Single(listed.Problems, problem => !problem.IsWarning);
        Assert.Equal(($"inbox/{Id}/doc.md", line), (problem.Path, problem.Line));

        await _store.DeleteAsync(Id);
        Assert.False(Directory.Exists(Path("inbox", Id)));
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_reported_with_their_line()
    {
        Directory.CreateDirectory(Path("inbox", Id));
        await File.WriteAllBytesAsync(Path("inbox", Id, "doc.md"), [.. "---\na: 1\n---\nab"u8, 0xFF, .. "c"u8]);
        var error = await Assert.ThrowsAsync<DocumentFormatException>(() => _store.GetAsync(Id));
        Assert.Equal((4, 3), (error.Line, error.Column));
    }

    [Fact]
    public async Task Aliases_that_blow_up_are_refused()
    {
        var lines = string.Concat(Enumerable.Range(1, 30).Select(i => $"a{i}: &a{i} [{(i == 1 ? "x" : $"*a{i - 1}, *a{i - 1}, *a{i - 1}")}]\n"));
        Write($"---\n{lines}---\n");
        var error = await Assert.ThrowsAsync<DocumentFormatException>(() => _store.GetAsync(Id));
        Assert.Contains("aliases", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Odd_references_are_kept_and_do_no_harm()
    {
        const string text = "---\nid: " + Id + "\nstatus: inbox\n_doc_refs:\n- key: a\n  uuid: one\n  data: [1]\n- key: b\n- key: c\n  uuid: two\n  note: extra\n---\n";
        var path = Write(text);
        var document = await _store.GetAsync(Id);
        Assert.Equal(["a one", "c two"], document.DocumentReferences.Select(reference => $"{reference.Key} {reference.Uuid}"));
        await _store.UpdateAsync(Id, current => current with { DocumentReferences = [.. current.DocumentReferences.Skip(1), new DocumentReference("d", "three", PropertyMap.Empty)] });
        var read = await _store.GetAsync(Id);
        Assert.Equal(["c two", "d three"], read.DocumentReferences.Select(reference => $"{reference.Key} {reference.Uuid}"));
        var saved = await File.ReadAllTextAsync(path);
        Assert.Contains("- key: b\n", saved, StringComparison.Ordinal);
        Assert.Contains("  note: extra\n", saved, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_in_two_folders_is_an_error_that_names_both()
    {
        Write("a");
        Write("b", "done");
        var error = await Assert.ThrowsAnyAsync<DocumentException>(() => _store.GetAsync(Id));
        Assert.Contains($"inbox/{Id} and done/{Id}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_move_does_not_replace_a_folder_that_stands_in_the_way()
    {
        Write("---\nstatus: inbox\n---\na");
        Directory.CreateDirectory(Path("done", Id));
        await File.WriteAllTextAsync(Path("done", Id, "notes.txt"), "mine");
        await Assert.ThrowsAnyAsync<DocumentException>(() => _store.UpdateAsync(Id, document => document with { Status = DocumentStatus.Done }));
        Assert.Equal(DocumentStatus.Inbox, (await _store.GetAsync(Id)).Status);
        File.Delete(Path("done", Id, "notes.txt"));
        await _store.UpdateAsync(Id, document => document with { Status = DocumentStatus.Done });
        Assert.Equal(DocumentStatus.Done, (await _store.GetAsync(Id)).Status);
        Assert.False(Directory.Exists(Path("inbox", Id)));
    }

    [Fact]
    public async Task A_crash_after_the_folder_moved_gives_the_new_document()
    {
        Write("---\nstatus: inbox\nn: 1\n---\n", "done");
        await File.WriteAllTextAsync(Path("done", Id, ".doc.md.next"), "---\nstatus: done\nn: 2\n---\nnew\n");
        var read = await _store.GetAsync(Id);
        Assert.Equal((2L, "new\n"), (read.Properties["n"], read.Body));
        await _store.UpdateAsync(Id, document => document);
        Assert.Equal(("---\nstatus: done\nn: 2\n---\nnew\n", false), (await File.ReadAllTextAsync(Path("done", Id, "doc.md")), File.Exists(Path("done", Id, ".doc.md.next"))));
    }

    [Fact]
    public async Task A_crash_before_the_folder_moved_gives_the_old_document()
    {
        Write("---\nstatus: inbox\nn: 1\n---\n");
        await File.WriteAllTextAsync(Path("inbox", Id, ".doc.md.next"), "---\nstatus: done\nn: 2\n---\n");
        Assert.Equal(1L, (await _store.GetAsync(Id)).Properties["n"]);
        Directory.CreateDirectory(Path("done"));

        // A later edit by hand and a move by hand are newer than what the crash left.
        File.SetLastWriteTimeUtc(Path("inbox", Id, ".doc.md.next"), DateTime.UtcNow.AddMinutes(-1));
        Directory.Move(Path("inbox", Id), Path("done", Id));
        Assert.Equal(1L, (await _store.GetAsync(Id)).Properties["n"]);
    }

    [Fact]
    public async Task Links_that_lead_out_of_the_data_folder_are_not_followed()
    {
        var outside = _folder.File("outside");
        Directory.CreateDirectory(outside);
        await File.WriteAllTextAsync(System.IO.Path.Combine(outside, "doc.md"), "---\nstatus: inbox\n---\nsecret");
        Directory.CreateDirectory(Path("inbox"));
        Directory.CreateSymbolicLink(Path("inbox", "linked"), outside);
        await Assert.ThrowsAnyAsync<DocumentException>(() => _store.GetAsync("linked"));
        await Assert.ThrowsAnyAsync<DocumentException>(() => _store.UpdateAsync("linked", document => document with { Body = "x" }));
        await Assert.ThrowsAnyAsync<DocumentException>(() => _store.DeleteAsync("linked"));

        Write("---\nstatus: inbox\n---\n");
        File.CreateSymbolicLink(Path("inbox", Id, "file-1"), System.IO.Path.Combine(outside, "doc.md"));
        await Assert.ThrowsAnyAsync<DocumentException>(() => _store.OpenFileAsync(Id, "file-1"));
        Directory.CreateSymbolicLink(Path("inbox", Id, "stages"), outside);
        await Assert.ThrowsAnyAsync<DocumentException>(() => _store.CreateStageRunAsync(Id, "s", NewRun));
        await Assert.ThrowsAnyAsync<DocumentException>(() => _store.GetStageRunsAsync(Id));
        Assert.Equal(["doc.md"], Directory.EnumerateFileSystemEntries(outside).Select(System.IO.Path.GetFileName));
    }

    [Fact]
    public async Task Counters_go_on_after_the_highest_numbered_folder()
    {
        Write("a");
        foreach (var name in new[] { "3", "007", "x", ".new-left-by-a-crash" })
        {
            Directory.CreateDirectory(Path("inbox", Id, "stages", "s", name));
        }

        Assert.Equal(4, (await _store.CreateStageRunAsync(Id, "s", NewRun)).Counter);
        Assert.Equal([4], (await _store.GetStageRunsAsync(Id)).Select(run => run.Counter));
    }

    [Fact]
    public async Task A_run_with_an_unknown_status_is_reported_with_its_line()
    {
        Write("a");
        Directory.CreateDirectory(Path("inbox", Id, "stages", "s", "1"));
        await File.WriteAllTextAsync(Path("inbox", Id, "stages", "s", "1", "stage.md"), "---\nid: x\nstatus: activ\n---\n");
        var error = await Assert.ThrowsAsync<DocumentFormatException>(() => _store.GetStageRunsAsync(Id));
        Assert.Equal(3, error.Line);
        Assert.Contains("'active'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_file_is_streamed()
    {
        Write("a");
        const int megabytes = 64;
        using var content = new CountingStream(megabytes << 20);
        var reference = await _store.AddFileAsync(Id, "big", "big.bin", content);
        Assert.InRange(content.LargestRead, 1, 1 << 20);
        Assert.Equal(megabytes << 20, new FileInfo(Path("inbox", Id, reference.Uuid)).Length);
        Assert.Equal(new[] { "doc.md", reference.Uuid }.Order(), Directory.EnumerateFiles(Path("inbox", Id)).Select(System.IO.Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_file_that_breaks_off_leaves_nothing_in_the_folder()
    {
        Write("a");
        await Assert.ThrowsAnyAsync<DocumentException>(() => _store.AddFileAsync(Id, "k", "f", new BrokenStream()));
        Assert.Equal(["doc.md"], Directory.EnumerateFileSystemEntries(Path("inbox", Id)).Select(System.IO.Path.GetFileName));
    }

    [Fact]
    public async Task Folders_that_cannot_be_written_are_named()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "not a folder");
        await using var noData = Open(_folder.File("file"));
        Assert.Contains("cannot be stored", (await Assert.ThrowsAnyAsync<DocumentException>(() => noData.CreateAsync(new Document { Id = "x" }))).Message, StringComparison.Ordinal);
        await using var noState = Open(_folder.File("other"), _folder.File("file"));
        Assert.Contains(_folder.File("file"), (await Assert.ThrowsAnyAsync<DocumentException>(() => noState.CreateAsync(new Document { Id = "x" }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_another_process_holds_is_waited_for_and_then_refused()
    {
        Write("a");
        await using var impatient = DocumentStores.Open(DocumentStores.FileSystemMarkdown, new DocumentStoreOptions { DataFolder = _folder.File("data"), LockTimeout = TimeSpan.FromMilliseconds(50) });
        await Set("warm", "up");
        var locks = Directory.GetFiles(_folder.File(".idflow", "locks"));
        using (new FileStream(Assert.Single(locks), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var error = await Assert.ThrowsAnyAsync<DocumentException>(() => impatient.UpdateAsync(Id, document => document with { Body = "b" }));
            Assert.Contains("locked by another process", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal("b\n", (await impatient.UpdateAsync(Id, document => document with { Body = "b" })).Body);
    }

    [Fact]
    public void An_unknown_implementation_names_the_known_ones()
    {
        var error = Assert.ThrowsAny<DocumentException>(() => DocumentStores.Open("fs_markdwn", new DocumentStoreOptions()));
        Assert.Contains("Did you mean 'fs_markdown'", error.Message, StringComparison.Ordinal);
        Assert.Contains("memory", Assert.ThrowsAny<DocumentException>(() => DocumentStores.Open("database", new DocumentStoreOptions())).Message, StringComparison.Ordinal);
    }

    /// <summary>So many bytes, made while they are read.</summary>
    private sealed class CountingStream(long length) : MemoryStream
    {
        private long _left = length;

        /// <summary>The most bytes that were asked for at once: what is held of the file at a time.</summary>
        public int LargestRead { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            LargestRead = Math.Max(LargestRead, buffer.Length);
            var read = (int)Math.Min(buffer.Length, _left);
            buffer.Span[..read].Fill((byte)_left);
            _left -= read;
            return ValueTask.FromResult(read);
        }
    }
}
