using System.Security.Cryptography;
using System.Text.Json;
using Idflow.Documents.Model;
using Idflow.Documents.Stores;
using Idflow.Documents.Tests.TestKit;

namespace Idflow.Documents.Tests.Stores;

/// <summary>The project that the original left on disk opens as the oracle says, and unchanged bytes stay.</summary>
public sealed class OriginalProjectTests(OriginalProjectTests.Project project) : IClassFixture<OriginalProjectTests.Project>
{
    private static readonly IReadOnlyList<JsonElement> Expected = [.. OriginalData.Read("expected.json").GetProperty("documents").EnumerateArray()];

    private readonly IDocumentStore _store = project.Store;

    public static TheoryData<string> Labels => [.. Expected.Select(document => document.GetProperty("label").GetString()!)];

    [Theory]
    [MemberData(nameof(Labels))]
    public async Task Every_document_is_read_as_the_original_means_it(string label)
    {
        var expected = Find(label);
        var document = await _store.GetAsync(Text(expected, "id"));
        Assert.Equal(Text(expected, "status"), document.Status.ToString().ToLowerInvariant());
        Assert.Equal(Show.Value(OriginalData.Value(expected.GetProperty("properties"))), Show.Value(document.Properties).Replace("\"~\":", "\"null\":", StringComparison.Ordinal));
        Assert.Equal(Text(expected, "body"), document.Body);
        Assert.Equal(
            expected.GetProperty("doc_refs").EnumerateArray().Select(reference => $"{Text(reference, "key")} {Text(reference, "uuid")} {Show.Value(OriginalData.Value(reference.GetProperty("data")))}"),
            document.DocumentReferences.Select(reference => $"{reference.Key} {reference.Uuid} {Show.Value(reference.Data)}"));
        Assert.Equal(
            expected.GetProperty("files").EnumerateArray().Select(file => $"{Text(file, "key")} {Text(file, "filename")} {Show.Value(OriginalData.Value(file.GetProperty("data")))} {file.GetProperty("bytes")} {Text(file, "sha256")}"),
            await Task.WhenAll(document.FileReferences.Select(async file => $"{file.Key} {file.FileName} {Show.Value(file.Data)} {await HashOfAsync(document.Id, file.Uuid)}")));
    }

    [Theory]
    [MemberData(nameof(Labels))]
    public async Task Every_stage_run_and_result_is_read_whatever_form_it_was_saved_in(string label)
    {
        var expected = Find(label);
        var id = Text(expected, "id");
        var runs = await _store.GetStageRunsAsync(id);
        var stages = expected.GetProperty("stages").EnumerateArray().ToList();
        Assert.Equal(
            stages.Select(stage => $"{Text(stage, "name")} {stage.GetProperty("counter")} {Text(stage, "status")} {Show.Value(OriginalData.Value(stage.GetProperty("properties")))} [{Text(stage, "body_trimmed")}]"),
            runs.Select(run => $"{run.StageName} {run.Counter} {run.Status.ToString().ToLowerInvariant()} {Show.Value(run.Properties)} [{run.Body}]"));
        foreach (var (stage, run) in stages.Zip(runs))
        {
            var results = stage.GetProperty("results").EnumerateArray().ToDictionary(result => Text(result, "path"));
            Assert.Equal(results.Keys.Order(StringComparer.Ordinal), run.Results.Select(name => name + ".md"));
            foreach (var name in run.Results)
            {
                var result = await _store.GetResultAsync(id, run.StageName, run.Counter, name);
                Assert.Equal(Show.Value(OriginalData.Value(results[name + ".md"].GetProperty("properties"))), Show.Value(result!.Properties));
                Assert.Equal(Text(results[name + ".md"], "body"), result.Body);
            }
        }
    }

    [Fact]
    public async Task Every_document_is_listed_without_a_problem()
    {
        var listed = await _store.QueryAsync(new DocumentQuery());
        Assert.Empty(listed.Problems);
        Assert.Equal(Expected.Select(document => Text(document, "id")).Order(), listed.Documents.Select(document => document.Id).Order());
        Assert.Equal(34, listed.Total);
    }

    [Theory]
    [MemberData(nameof(Labels))]
    public async Task A_document_that_is_saved_unchanged_keeps_its_bytes(string label)
    {
        var expected = Find(label);
        var id = Text(expected, "id");
        await _store.UpdateAsync(id, document => document with { Properties = new PropertyMap(document.Properties.Reverse()) });
        Assert.Equal(Text(expected, "sha256"), Sha256(await File.ReadAllBytesAsync(await LocateAsync(id))));
    }

    [Theory]
    [MemberData(nameof(Labels))]
    public async Task A_new_property_is_one_line_before_the_references(string label)
    {
        var id = Text(Find(label), "id");
        var before = await File.ReadAllBytesAsync(await LocateAsync(id));
        await _store.UpdateAsync(id, document => document with { Properties = document.Properties.With("brand_new", "x: y") });
        var after = await File.ReadAllBytesAsync(await LocateAsync(id));

        var head = before.AsSpan().CommonPrefixLength(after);
        var tail = before.Length - head;
        Assert.Equal(before[head..], after[^tail..]);
        Assert.Equal("x: y", (await _store.GetAsync(id)).Properties["brand_new"]);

        // Taking it out again gives the very same file.
        await _store.UpdateAsync(id, document => document with { Properties = document.Properties.Without("brand_new") });
        Assert.Equal(before, await File.ReadAllBytesAsync(await LocateAsync(id)));
    }

    [Fact]
    public async Task New_documents_look_like_those_of_the_original()
    {
        var compared = 0;
        using var folder = new TemporaryFolder();
        await using var other = DocumentStores.Open(DocumentStores.FileSystemMarkdown, new DocumentStoreOptions { DataFolder = folder.File("other") });
        foreach (var expected in Expected.Where(document => document.GetProperty("canonical").GetBoolean() && !document.GetProperty("saved_again").GetBoolean()))
        {
            var id = Text(expected, "id");
            await other.CreateAsync(await _store.GetAsync(id));
            var written = await File.ReadAllTextAsync(await ((IDocumentLocator)other).LocateAsync(id));
            Assert.Equal(await File.ReadAllTextAsync(await LocateAsync(id)), written);
            compared++;
        }

        Assert.True(compared > 15);
    }

    [Fact]
    public async Task A_run_that_the_original_saved_with_leaks_is_edited_in_its_one_line()
    {
        const string id = "bd60bcc2-fa29-4892-bbd1-11c0ba3f2b63";
        await using var own = new Project();
        var path = own.Folder.File("data", "active", id, "stages", "research_blog_post_ideas", "1", "stage.md");
        var before = await File.ReadAllTextAsync(path);
        await own.Store.UpdateStageRunAsync(id, "research_blog_post_ideas", 1, run => run with { Status = StageStatus.Blocked, Reason = "why" });
        Assert.Equal(
            before.Replace("status: done\n", "status: blocked\n", StringComparison.Ordinal).Replace("_doc_refs", "reason: why\n_doc_refs", StringComparison.Ordinal),
            await File.ReadAllTextAsync(path));
        var next = await own.Store.CreateStageRunAsync("da0b9c58-01bc-4e66-96ad-fdbae504d627", "manual", counter => new StageRun { DocumentId = "", StageName = "", Counter = 0 });
        Assert.Equal(12, next.Counter);
    }

    private static JsonElement Find(string label) => Expected.First(document => Text(document, "label") == label);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private Task<string> LocateAsync(string id) => ((IDocumentLocator)_store).LocateAsync(id);

    private async Task<string> HashOfAsync(string id, string uuid)
    {
        await using var stream = await _store.OpenFileAsync(id, uuid);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return $"{copy.Length} {Sha256(copy.ToArray())}";
    }

    /// <summary>A copy of the original's data, opened.</summary>
    public sealed class Project : IAsyncDisposable
    {
        public Project()
        {
            TemporaryFolder.Copy(Path.Combine(OriginalData.Folder, "data"), Folder.File("data"));
            Store = DocumentStores.Open(DocumentStores.FileSystemMarkdown, new DocumentStoreOptions { DataFolder = Folder.File("data") });
        }

        public IDocumentStore Store { get; }

        internal TemporaryFolder Folder { get; } = new();

        public async ValueTask DisposeAsync()
        {
            await Store.DisposeAsync();
            Folder.Dispose();
        }
    }
}
