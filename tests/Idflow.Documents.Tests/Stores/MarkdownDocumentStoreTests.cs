using Idflow.Documents.Stores;
using Idflow.Documents.Tests.TestKit;

namespace Idflow.Documents.Tests.Stores;

public sealed class MarkdownDocumentStoreTests : DocumentStoreContract
{
    private readonly TemporaryFolder _folder = new();

    protected override IDocumentStore Open(DocumentHooks hooks) =>
        DocumentStores.Open(DocumentStores.FileSystemMarkdown, new DocumentStoreOptions { DataFolder = _folder.File("data"), Hooks = hooks });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
