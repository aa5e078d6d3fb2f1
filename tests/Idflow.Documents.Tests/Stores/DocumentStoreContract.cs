using System.Text;
using Idflow.Documents.Model;
using Idflow.Documents.Stores;
using Idflow.Documents.Tests.TestKit;

namespace Idflow.Documents.Tests.Stores;

/// <summary>What every <see cref="IDocumentStore"/> promises; one subclass per implementation.</summary>
public abstract class DocumentStoreContract : IAsyncLifetime
{
    private IDocumentStore? _store;

    protected DocumentHooks Hooks { get; } = new();

    protected IDocumentStore Store => _store!;

    protected abstract IDocumentStore Open(DocumentHooks hooks);

    public ValueTask InitializeAsync()
    {
        _store = Open(Hooks);
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static PropertyMap Map(params (string Key, object? Value)[] entries) => new(entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value)));

    protected Task<Document> AddAsync(string title = "t", DocumentStatus status = DocumentStatus.Inbox, string body = "body\n") =>
        Store.CreateAsync(new Document { Id = "", Status = status, Properties = Map(("title", title)), Body = body });

    private static StageRun NewRun(int counter) => new() { DocumentId = "", StageName = "", Counter = counter, Status = StageStatus.Active };

    [Fact]
    public async Task Stamps_name_every_document_and_differ_after_a_change()
    {
        var (one, two) = ((await AddAsync()).Id, (await AddAsync()).Id);
        var before = (await Store.GetStampsAsync()).Stamps;
        Assert.Equal([.. new[] { one, two }.Order(StringComparer.Ordinal)], before.Keys.Order(StringComparer.Ordinal));

        await Store.UpdateAsync(one, document => document with { Body = "another body" });
        await Store.DeleteAsync(two);
        var after = (await Store.GetStampsAsync()).Stamps;
        Assert.Equal([one], after.Keys);
        Assert.True(after[one] == 0 || after[one] != before[one]);
    }

    [Fact]
    public async Task A_created_document_is_read_back_with_its_types()
    {
        var properties = Map(
            ("text", "1.10"), ("number", 3L), ("float", 1e20), ("flag", true), ("none", null), ("day", new DateOnly(2024, 5, 6)),
            ("moment", new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.FromHours(2))), ("naive", new DateTime(2024, 5, 6, 7, 8, 9)),
            ("big", System.Numerics.BigInteger.Pow(10, 30)), ("list", new List<object?> { "a", 1L, Map(("b", "c")) }), ("map", Map(("", "x"), ("k", new List<object?>()))));
        var created = await Store.CreateAsync(new Document
        {
            Id = "",
            Status = DocumentStatus.Active,
            Properties = properties,
            Body = "# Title\n\ntext\n",
            DocumentReferences = [new DocumentReference("source", "some-id", Map(("page", 3L)))],
        });

        var read = await Store.GetAsync(created.Id);
        Assert.True(Guid.TryParseExact(created.Id, "D", out _));
        Assert.Equal(Show.Value(properties), Show.Value(read.Properties));
        Assert.Equal(("# Title\n\ntext\n", DocumentStatus.Active, created.Revision), (read.Body, read.Status, read.Revision));
        Assert.Equal(["source some-id {\"page\": Int64 3}"], read.DocumentReferences.Select(reference => $"{reference.Key} {reference.Uuid} {Show.Value(reference.Data)}"));
    }

    [Fact]
    public async Task Values_of_neighbouring_types_are_brought_into_the_kept_form()
    {
        var created = await Store.CreateAsync(new Document { Id = "", Properties = Map(("i", 3), ("f", 0.5f), ("a", new[] { 1, 2 }), ("d", new Dictionary<string, object?> { ["x"] = 1 })) });
        Assert.Equal("{\"i\": Int64 3, \"f\": float 0.5, \"a\": [Int64 1, Int64 2], \"d\": {\"x\": Int64 1}}", Show.Value((await Store.GetAsync(created.Id)).Properties));
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.CreateAsync(new Document { Id = "", Properties = Map(("s", new object())) }));
    }

    [Theory]
    [InlineData("one\r\ntwo", "one\ntwo\n")]
    [InlineData("", "")]
    [InlineData("---\na: b\n---\n", "---\na: b\n---\n")]
    [InlineData("\n\n  code\n\n", "\n\n  code\n\n")]
    public async Task Bodies_keep_their_text_with_line_feeds(string body, string expected)
    {
        var created = await AddAsync(body: body);
        Assert.Equal(expected, (await Store.GetAsync(created.Id)).Body);
        var updated = await Store.UpdateAsync(created.Id, document => document with { Body = "x" });
        Assert.Equal(("x\n", "x\n"), (updated.Body, (await Store.GetAsync(created.Id)).Body));
        await Store.UpdateAsync(created.Id, document => document with { Body = body });
        Assert.Equal(expected, (await Store.GetAsync(created.Id)).Body);
    }

    [Fact]
    public async Task Unknown_ids_are_not_found_and_ids_are_not_given_twice()
    {
        await Assert.ThrowsAsync<DocumentNotFoundException>(() => Store.GetAsync("missing"));
        await Assert.ThrowsAsync<DocumentNotFoundException>(() => Store.UpdateAsync("missing", document => document));
        await Assert.ThrowsAsync<DocumentNotFoundException>(() => Store.DeleteAsync("missing"));
        await Assert.ThrowsAsync<DocumentNotFoundException>(() => Store.GetStageRunsAsync("missing"));
        await Assert.ThrowsAsync<DocumentNotFoundException>(() => Store.CreateStageRunAsync("missing", "s", NewRun));
        await Assert.ThrowsAsync<DocumentNotFoundException>(() => Store.AddFileAsync("missing", "k", "f", Stream.Null));

        var created = await AddAsync();
        var again = await Assert.ThrowsAsync<DocumentExistsException>(() => Store.CreateAsync(created with { Status = DocumentStatus.Done }));
        Assert.Contains(created.Id, again.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData(" a")]
    public async Task Names_cannot_leave_the_store(string name)
    {
        var id = (await AddAsync()).Id;
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.CreateAsync(new Document { Id = name }));
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.GetAsync(name));
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.UpdateAsync(name, document => document));
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.DeleteAsync(name));
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.ResolveIdAsync(name));
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.OpenFileAsync(id, name));
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.CreateStageRunAsync(id, name, NewRun));
        await Store.CreateStageRunAsync(id, "s", NewRun);
        var result = "x/" + name;
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.WriteResultAsync(id, "s", 1, new StageResult(result.Replace("a/b", "/", StringComparison.Ordinal), PropertyMap.Empty, "")));
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.GetResultAsync(id, "s", 1, result.Replace("a/b", "/", StringComparison.Ordinal)));
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.UpdateAsync(id, document => document with { FileReferences = [new FileReference("k", "f", name, PropertyMap.Empty)] }));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("status")]
    [InlineData("body")]
    [InlineData("_doc_refs")]
    [InlineData("_file_refs")]
    public async Task Reserved_names_are_no_properties(string key)
    {
        var created = await AddAsync();
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.CreateAsync(new Document { Id = "", Properties = Map((key, "x")) }));
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.UpdateAsync(created.Id, document => document with { Properties = document.Properties.With(key, "x") }));
        Assert.Equal(created.Revision, (await Store.GetAsync(created.Id)).Revision);
    }

    [Fact]
    public async Task Ids_can_be_shortened_to_a_unique_beginning()
    {
        await Store.CreateAsync(new Document { Id = "aaaa1111" });
        await Store.CreateAsync(new Document { Id = "aaaa2222", Status = DocumentStatus.Done });
        await Store.CreateAsync(new Document { Id = "aaaa" });
        Assert.Equal("aaaa1111", await Store.ResolveIdAsync("aaaa1"));
        Assert.Equal("aaaa2222", await Store.ResolveIdAsync("aaaa2222"));
        Assert.Equal("aaaa", await Store.ResolveIdAsync("aaaa"));
        await Store.DeleteAsync("aaaa");
        Assert.Contains("aaaa1111", (await Assert.ThrowsAsync<DocumentNotFoundException>(() => Store.ResolveIdAsync("aaaa"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DocumentNotFoundException>(() => Store.ResolveIdAsync("aaa"));
        await Assert.ThrowsAsync<DocumentNotFoundException>(() => Store.ResolveIdAsync("bbbb"));
    }

    [Fact]
    public async Task A_change_of_status_moves_the_document_with_all_it_has()
    {
        var created = await AddAsync();
        await Store.AddFileAsync(created.Id, "k", "f.txt", new MemoryStream([1, 2, 3]));
        await Store.CreateStageRunAsync(created.Id, "s", NewRun);
        foreach (var status in Enum.GetValues<DocumentStatus>().Reverse())
        {
            var moved = await Store.UpdateAsync(created.Id, document => document with { Status = status, Properties = document.Properties.With("now", status.ToString()) });
            var read = await Store.GetAsync(created.Id);
            Assert.Equal((status, status, moved.Revision), (moved.Status, read.Status, read.Revision));
            Assert.Equal(status.ToString(), read.Properties["now"]);
            Assert.Single(read.FileReferences);
            Assert.Single(await Store.GetStageRunsAsync(created.Id));
        }
    }

    [Fact]
    public async Task A_change_that_says_nothing_new_keeps_the_revision()
    {
        var created = await AddAsync();
        var same = await Store.UpdateAsync(created.Id, document => document with { Properties = Map(("title", "t")) });
        var changed = await Store.UpdateAsync(created.Id, document => document with { Properties = Map(("title", "u")) });
        Assert.Equal(created.Revision, same.Revision);
        Assert.NotEqual(created.Revision, changed.Revision);
    }

    [Fact]
    public async Task Simultaneous_changes_of_one_document_are_all_kept()
    {
        var id = (await Store.CreateAsync(new Document { Id = "", Properties = Map(("n", 0L)) })).Id;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Store.UpdateAsync(id, document => document with { Properties = document.Properties.With("n", (long)document.Properties["n"]! + 1) }))));
        Assert.Equal(50L, (await Store.GetAsync(id)).Properties["n"]);
    }

    [Fact]
    public async Task Files_are_kept_byte_for_byte()
    {
        var id = (await AddAsync()).Id;
        var bytes = new byte[300_000];
        new Random(1).NextBytes(bytes);
        var reference = await Store.AddFileAsync(id, " scan ", "/some/where/scan 1.pdf", new MemoryStream(bytes), Map(("page", 1)));
        Assert.Equal(("scan", "scan 1.pdf", "{\"page\": Int64 1}"), (reference.Key, reference.FileName, Show.Value(reference.Data)));
        var stored = Assert.Single((await Store.GetAsync(id)).FileReferences);
        Assert.Equal((reference.Key, reference.FileName, reference.Uuid), (stored.Key, stored.FileName, stored.Uuid));
        await using var stream = await Store.OpenFileAsync(id, reference.Uuid);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        Assert.Equal(bytes, copy.ToArray());
        await Assert.ThrowsAsync<DocumentNotFoundException>(() => Store.OpenFileAsync(id, Guid.NewGuid().ToString()));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_to_its_end_leaves_no_trace()
    {
        var created = await AddAsync();
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.AddFileAsync(created.Id, "k", "f", new BrokenStream()));
        Assert.Equal(created.Revision, (await Store.GetAsync(created.Id)).Revision);
    }

    [Fact]
    public async Task Runs_of_a_stage_count_from_one_and_keep_what_they_are_told()
    {
        var id = (await AddAsync()).Id;
        var first = await Store.CreateStageRunAsync(id, "draft", NewRun);
        var second = await Store.CreateStageRunAsync(id, "draft", counter => NewRun(counter) with { WorkflowId = "w", Properties = Map(("note", "x")), Body = "why" });
        await Store.CreateStageRunAsync(id, "another", NewRun);
        Assert.Equal((1, 2, id, "draft"), (first.Counter, second.Counter, second.DocumentId, second.StageName));

        var blocked = await Store.UpdateStageRunAsync(id, "draft", 1, run => run with { Status = StageStatus.Blocked, Reason = "no: engine" });
        Assert.Equal((StageStatus.Blocked, "no: engine", null), (blocked.Status, blocked.Reason, blocked.WorkflowId));
        await Store.UpdateStageRunAsync(id, "draft", 1, run => run with { Status = StageStatus.Active, Reason = null });

        var runs = await Store.GetStageRunsAsync(id);
        Assert.Equal(["another 1", "draft 1", "draft 2"], runs.Select(run => $"{run.StageName} {run.Counter}"));
        Assert.Equal((StageStatus.Active, null, null, ""), (runs[1].Status, runs[1].Reason, runs[1].WorkflowId, runs[1].Body));
        Assert.Equal(("w", "{\"note\": \"x\"}", "why\n"), (runs[2].WorkflowId, Show.Value(runs[2].Properties), runs[2].Body));
        await Assert.ThrowsAsync<DocumentNotFoundException>(() => Store.UpdateStageRunAsync(id, "draft", 3, run => run));
        await Assert.ThrowsAsync<DocumentNotFoundException>(() => Store.UpdateStageRunAsync(id, "none", 1, run => run));
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.UpdateStageRunAsync(id, "draft", 1, run => run with { Properties = Map(("status", "x")) }));
    }

    [Fact]
    public async Task Of_several_callers_at_once_each_gets_its_own_run()
    {
        var id = (await AddAsync()).Id;
        var runs = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => Store.CreateStageRunAsync(id, "s", NewRun))));
        Assert.Equal(Enumerable.Range(1, 12), runs.Select(run => run.Counter).Order());
        Assert.Equal(12, (await Store.GetStageRunsAsync(id)).Count);
    }

    [Fact]
    public async Task Results_are_stored_replaced_and_listed()
    {
        var id = (await AddAsync()).Id;
        await Store.CreateStageRunAsync(id, "s", NewRun);
        await Store.WriteResultAsync(id, "s", 1, new StageResult("flow", Map(("title", "a"), ("status", "own")), "text"));
        await Store.WriteResultAsync(id, "s", 1, new StageResult("flow", Map(("title", "b")), "new text"));
        await Store.WriteResultAsync(id, "s", 1, new StageResult("sources/1", PropertyMap.Empty, "kept source"));

        var result = await Store.GetResultAsync(id, "s", 1, "flow");
        Assert.Equal(("flow", "{\"title\": \"b\"}", "new text\n"), (result!.Name, Show.Value(result.Properties), result.Body));
        Assert.Equal("kept source\n", (await Store.GetResultAsync(id, "s", 1, "sources/1"))!.Body);
        Assert.Null(await Store.GetResultAsync(id, "s", 1, "none"));
        Assert.Equal(["flow", "sources/1"], Assert.Single(await Store.GetStageRunsAsync(id)).Results);
        await Assert.ThrowsAsync<DocumentNotFoundException>(() => Store.GetResultAsync(id, "s", 2, "flow"));
        await Assert.ThrowsAsync<DocumentNotFoundException>(() => Store.WriteResultAsync(id, "s", 2, result));
        await Assert.ThrowsAnyAsync<DocumentException>(() => Store.WriteResultAsync(id, "s", 1, result with { Name = "stage" }));
    }

    [Fact]
    public async Task Queries_filter_sort_cut_and_count()
    {
        await AddAsync("b");
        var done = await AddAsync("a", DocumentStatus.Done);
        await AddAsync("c");
        await Store.CreateStageRunAsync(done.Id, "s", NewRun);

        var all = await Store.QueryAsync(new DocumentQuery { Sort = ["-title"], Limit = 2 });
        Assert.Equal(("c,b", 3), (string.Join(',', all.Documents.Select(document => document.Properties["title"])), all.Total));
        Assert.Empty(all.Problems);
        var found = Assert.Single((await Store.QueryAsync(new DocumentQuery { Filters = ["status=done"] })).Documents);
        Assert.Equal((done.Id, new StageSummary("s", 1, StageStatus.Active)), (found.Id, Assert.Single(found.Stages)));
        await Assert.ThrowsAsync<FilterException>(() => Store.QueryAsync(new DocumentQuery { Filters = ["nonsense"] }));
    }

    [Fact]
    public async Task Search_finds_bodies_and_results()
    {
        var first = await AddAsync(body: "The quick brown fox\n");
        var second = await AddAsync(body: "A slow tortoise\n");
        await Store.CreateStageRunAsync(second.Id, "s", NewRun);
        await Store.WriteResultAsync(second.Id, "s", 1, new StageResult("report", PropertyMap.Empty, "It met a fox."));

        var hits = await Store.SearchAsync("fox");
        Assert.Equal([(first.Id, null), (second.Id, "s/1/report")], hits.Select(hit => (hit.DocumentId, hit.Result)).OrderBy(hit => hit.Result));
        Assert.All(hits, hit => Assert.Contains("fox", hit.Snippet, StringComparison.Ordinal));
        Assert.Equal(first.Id, Assert.Single(await Store.SearchAsync("quick fox")).DocumentId);
        Assert.Empty(await Store.SearchAsync("cat"));
    }

    [Fact]
    public async Task Hooks_run_around_every_change_and_can_refuse_it()
    {
        var hook = new RecordingHook();
        Hooks.Add(hook);
        var id = (await AddAsync("a")).Id;
        await Store.UpdateAsync(id, document => document);
        await Store.UpdateAsync(id, document => document with { Properties = Map(("title", "b")) });
        hook.Refuse = true;
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.UpdateAsync(id, document => document with { Properties = Map(("title", "c")) }));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.DeleteAsync(id));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.CreateAsync(new Document { Id = "new" }));
        Assert.Equal("b", (await Store.GetAsync(id)).Properties["title"]);
        hook.Refuse = false;
        await Store.DeleteAsync(id);
        Assert.Equal(
            ["before create a", "after create a", "before save a b", "after save a b", "refused save", "refused destroy", "refused create", "before destroy b", "after destroy b"],
            hook.Calls);
        await Assert.ThrowsAsync<DocumentNotFoundException>(() => Store.GetAsync("new"));
    }

    [Fact]
    public async Task A_before_hook_that_changes_its_own_document_is_told_so_and_an_after_hook_may()
    {
        var id = (await AddAsync("a")).Id;
        var other = (await AddAsync("o")).Id;
        Exception? refused = null;
        Hooks.Add(new ActingHook
        {
            BeforeSave = async (_, after) =>
            {
                if (after.Id == id && refused is null)
                {
                    refused = await Record.ExceptionAsync(() => Store.UpdateAsync(id, document => document with { Body = "no" }));
                    await Store.UpdateAsync(other, document => document with { Body = "other" });
                }
            },
            AfterSave = async (_, after) =>
            {
                if (after.Id == id)
                {
                    await Store.UpdateAsync(id, document => document with { Properties = document.Properties.With("seen", true) });
                    throw new InvalidOperationException("logged only");
                }
            },
        });
        await Store.UpdateAsync(id, document => document with { Body = "changed" });
        Assert.IsType<DocumentException>(refused);
        var read = await Store.GetAsync(id);
        Assert.Equal(("changed\n", true), (read.Body, read.Properties["seen"]));
        Assert.Equal("other\n", (await Store.GetAsync(other)).Body);
    }
}
