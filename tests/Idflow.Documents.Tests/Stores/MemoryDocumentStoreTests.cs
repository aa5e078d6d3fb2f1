using Idflow.Documents.Stores;

namespace Idflow.Documents.Tests.Stores;

public sealed class MemoryDocumentStoreTests : DocumentStoreContract
{
    protected override IDocumentStore Open(DocumentHooks hooks) =>
        DocumentStores.Open(DocumentStores.Memory, new DocumentStoreOptions { Hooks = hooks });
}
