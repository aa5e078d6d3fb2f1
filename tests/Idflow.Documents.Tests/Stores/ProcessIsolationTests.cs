using System.Globalization;
using Idflow.Documents.Model;
using Idflow.Documents.Stores;
using Idflow.Documents.Tests.TestKit;

namespace Idflow.Documents.Tests.Stores;

/// <summary>Real processes that change one document at the same time, or die while they do.</summary>
public sealed class ProcessIsolationTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IDocumentStore _store;

    public ProcessIsolationTests() =>
        _store = DocumentStores.Open(DocumentStores.FileSystemMarkdown, new DocumentStoreOptions { DataFolder = Data });

    private string Data => _folder.File("data");

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_first_documents_of_a_project_can_come_all_at_once()
    {
        for (var round = 0; round < 20; round++)
        {
            var data = _folder.File($"project{round}", "data");
            await using var store = DocumentStores.Open(DocumentStores.FileSystemMarkdown, new DocumentStoreOptions { DataFolder = data });
            await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => store.CreateAsync(new Document { Id = "" }))));
            Assert.Equal(16, (await store.QueryAsync(new DocumentQuery())).Total);
        }
    }

    [Fact]
    public async Task Two_processes_that_each_make_200_changes_lose_none()
    {
        var id = (await _store.CreateAsync(new Document { Id = "" })).Id;
        using var first = await StoreProcess.StartAsync("count", Data, id, "first", "200");
        using var second = await StoreProcess.StartAsync("count", Data, id, "second", "200");
        first.Go();
        second.Go();
        await Task.WhenAll(first.EndAsync(), second.EndAsync());
        Assert.Equal("{\"n\": Int64 400, \"first\": Int64 200, \"second\": Int64 200}", Show.Value(new PropertyMap((await _store.GetAsync(id)).Properties.OrderByDescending(entry => entry.Key == "n").ThenBy(entry => entry.Key))));
    }

    [Fact]
    public async Task Two_processes_that_make_runs_of_a_stage_never_get_the_same()
    {
        var id = (await _store.CreateAsync(new Document { Id = "" })).Id;
        using var first = await StoreProcess.StartAsync("runs", Data, id, "draft", "25");
        using var second = await StoreProcess.StartAsync("runs", Data, id, "draft", "25");
        first.Go();
        second.Go();
        var counters = (await Task.WhenAll(first.EndAsync(), second.EndAsync())).SelectMany(lines => lines).Select(int.Parse).Order();
        Assert.Equal(Enumerable.Range(1, 50), counters);
        Assert.Equal(50, (await _store.GetStageRunsAsync(id)).Count);
    }

    [Fact]
    public async Task A_process_killed_while_it_moves_a_document_leaves_the_old_or_the_new_one()
    {
        var id = (await _store.CreateAsync(new Document { Id = "", Body = new string('x', 5_000), Properties = new PropertyMap([new("n", 0L)]) })).Id;
        var random = new Random(4711);
        for (var round = 0; round < 8; round++)
        {
            var acknowledged = (long)(await _store.GetAsync(id)).Properties["n"]!;
            using var process = await StoreProcess.StartAsync("move", Data, id);
            process.Go();
            for (var last = acknowledged + random.Next(1, 40); acknowledged < last;)
            {
                acknowledged = long.Parse((await process.Output.ReadLineAsync())!, CultureInfo.InvariantCulture);
            }

            process.Kill();

            // The lock is free at once, the text and the folder belong together, and what was acknowledged is there.
            var found = await _store.GetAsync(id);
            var n = (long)found.Properties["n"]!;
            Assert.True(n >= acknowledged, $"{acknowledged} was acknowledged, {n} is there");
            Assert.Equal(n % 2 == 0 ? DocumentStatus.Inbox : DocumentStatus.Active, found.Status);
            Assert.Equal(5_001, found.Body.Length);
            var next = await _store.UpdateAsync(id, document => document with { Status = document.Status == DocumentStatus.Inbox ? DocumentStatus.Active : DocumentStatus.Inbox, Properties = document.Properties.With("n", n + 1) });
            Assert.Equal(n + 1, next.Properties["n"]);
            Assert.Equal(next.Revision, (await _store.GetAsync(id)).Revision);
        }

        Assert.Single(Directory.GetFiles(Data, "doc.md", SearchOption.AllDirectories));
        await _store.QueryAsync(new DocumentQuery());
        Assert.Empty(Directory.GetFileSystemEntries(Data, ".*", SearchOption.AllDirectories));
    }
}
