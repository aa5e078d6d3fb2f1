using System.IO.Pipelines;
using Idflow.Documents.Model;
using Idflow.Documents.Stores;
using Idflow.Documents.Stores.FileSystem;
using Idflow.Documents.Tests.TestKit;

namespace Idflow.Documents.Tests.Stores;

/// <summary>What a crash left goes at the next query; what belongs to somebody who lives, or to a person, stays.</summary>
public sealed class LeftoverTests : IAsyncDisposable
{
    private const string Id = "11111111-2222-4333-8444-555555555555";

    private readonly TemporaryFolder _folder = new();
    private readonly IDocumentStore _store;

    public LeftoverTests() => _store = Open();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    private IDocumentStore Open(params IDocumentHook[] hooks)
    {
        var options = new DocumentStoreOptions { DataFolder = _folder.File("data"), LockTimeout = TimeSpan.FromSeconds(20) };
        Array.ForEach(hooks, options.Hooks.Add);
        return DocumentStores.Open(DocumentStores.FileSystemMarkdown, options);
    }

    private string Write(string text, params string[] steps)
    {
        var path = _folder.File(["data", "inbox", .. steps]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private Task<Document> CreateAsync() => _store.CreateAsync(new Document { Id = Id, Body = "text" });

    [Fact]
    public async Task All_that_a_crash_can_leave_goes_and_what_a_person_has_put_there_stays()
    {
        await CreateAsync();
        var run = await _store.CreateStageRunAsync(Id, "draft", counter => new StageRun { DocumentId = Id, StageName = "draft", Counter = counter });
        await _store.WriteResultAsync(Id, "draft", run.Counter, new StageResult("report", PropertyMap.Empty, "x"));
        string[] left =
        [
            Write("x", $".deleted-{Id}-{Guid.NewGuid():N}", "doc.md"),
            Write("x", $".new-other-{Guid.NewGuid():N}", "doc.md"),
            Write("x", Id, ".doc.md.next"),
            Write("x", Id, $".{Guid.NewGuid()}.part"),
            Write("x", Id, "stages", "draft", $".new-{Guid.NewGuid():N}", "stage.md"),
            Write("x", Id, "stages", "draft", "1", ".report.md.next"),
        ];
        string[] mine =
        [
            Write("x", ".obsidian", "app.json"),
            Write("x", ".new-ideas", "doc.md"),
            Write("x", ".deleted-things-of-2024", "doc.md"),
            Write("x", Id, ".notes.md"),
            Write("x", Id, ".draft.part"),
            Write("x", Id, "stages", "draft", ".new-idea", "stage.md"),
        ];

        var found = await _store.QueryAsync(new DocumentQuery());

        Assert.Equal(Id, Assert.Single(found.Documents).Id);
        Assert.Equal([], left.Where(File.Exists));
        Assert.Equal([], left.Select(Path.GetDirectoryName).Where(folder => Path.GetFileName(folder)!.StartsWith('.') && Directory.Exists(folder)));
        Assert.Equal(mine, mine.Where(File.Exists));
        Assert.Equal("text\n", (await _store.GetAsync(Id)).Body);
        Assert.Equal("x\n", (await _store.GetResultAsync(Id, "draft", 1, "report"))!.Body);
    }

    [Fact]
    public async Task The_text_of_a_move_that_was_cut_short_is_the_document_and_stays()
    {
        await CreateAsync();
        var next = Write($"---\nstatus: active\nid: {Id}\nn: 2\n---\nnew\n", Id, ".doc.md.next");
        Directory.CreateDirectory(_folder.File("data", "active"));
        Directory.Move(Path.GetDirectoryName(next)!, _folder.File("data", "active", Id));

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(2L, Assert.Single((await _store.QueryAsync(new DocumentQuery())).Documents).Properties["n"]);
            Assert.Equal("new\n", (await _store.GetAsync(Id)).Body);
        }

        await _store.UpdateAsync(Id, document => document);
        Assert.Equal("new\n", (await _store.GetAsync(Id)).Body);
        Assert.Equal(["doc.md"], Directory.GetFiles(_folder.File("data", "active", Id)).Select(Path.GetFileName));
    }

    [Fact]
    public async Task While_somebody_changes_the_document_nothing_of_it_goes()
    {
        await CreateAsync();
        var (entered, mayLeave) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var writer = Open(new PausingHook(entered, mayLeave.Task));
        var change = writer.UpdateAsync(Id, document => document with { Body = "changed" });
        await entered.Task;
        var next = Write("x", Id, ".doc.md.next");

        await _store.QueryAsync(new DocumentQuery());
        Assert.True(File.Exists(next));

        mayLeave.SetResult();
        await change;
        Write("x", Id, ".doc.md.next");
        await _store.QueryAsync(new DocumentQuery());
        Assert.False(File.Exists(next));
        Assert.Equal("changed\n", (await _store.GetAsync(Id)).Body);
    }

    [Fact]
    public async Task A_file_that_is_being_copied_in_stays_and_arrives()
    {
        await CreateAsync();
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var adding = _store.AddFileAsync(Id, "scan", "a.txt", pipe.Reader.AsStream());
        await pipe.Writer.WriteAsync("byt"u8.ToArray());
        var part = Assert.Single(Directory.GetFiles(_folder.File("data", "inbox", Id), "*.part"));

        await using var other = Open();
        await other.QueryAsync(new DocumentQuery());
        await _store.QueryAsync(new DocumentQuery());
        Assert.True(File.Exists(part));

        await pipe.Writer.WriteAsync("es"u8.ToArray());
        await pipe.Writer.CompleteAsync();
        var file = await adding;
        await other.QueryAsync(new DocumentQuery());
        using var reader = new StreamReader(await _store.OpenFileAsync(Id, file.Uuid));
        Assert.Equal("bytes", await reader.ReadToEndAsync());
        Assert.Equal(2, Directory.GetFiles(_folder.File("data", "inbox", Id)).Length);
    }

    [Fact]
    public void Folders_are_made_and_flushed_and_one_that_is_not_there_is_no_error()
    {
        var folder = _folder.File("a", "b", "c");
        FolderFlush.Create(folder);
        FolderFlush.Create(folder);
        FolderFlush.ToDisk(folder);
        FolderFlush.ToDisk(_folder.File("none"));
        Assert.True(Directory.Exists(folder));
    }

    [Fact]
    public async Task Many_new_documents_in_one_scope_are_all_there()
    {
        using (_store.BeginBulk())
        {
            for (var i = 0; i < 20; i++)
            {
                await _store.CreateAsync(new Document { Id = $"bulk-{i}", Status = (DocumentStatus)(i % 2) });
            }
        }

        Assert.Equal(20, (await _store.QueryAsync(new DocumentQuery())).Total);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("data"), ".*", SearchOption.AllDirectories));
    }

    private sealed class PausingHook(TaskCompletionSource entered, Task mayLeave) : IDocumentHook
    {
        public Task BeforeSaveAsync(Document before, Document after, CancellationToken cancellationToken)
        {
            entered.TrySetResult();
            return mayLeave;
        }
    }
}
