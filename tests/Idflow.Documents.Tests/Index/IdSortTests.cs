using CsCheck;
using Idflow.Documents.Index;
using Idflow.Documents.Model;

namespace Idflow.Documents.Tests.Index;

public sealed class IdSortTests
{
    [Fact]
    public void Ids_are_sorted_by_their_characters() => Gen.OneOf(Gen.String[0, 12], Gen.String[Gen.Char['a', 'c'], 0, 12]).Array[0, 60].Sample(ids =>
    {
        var documents = ids.Select(id => new IndexedDocument { Id = id.Replace('\0', ' '), Status = DocumentStatus.Done, Fingerprint = 1 }).ToList();

        Assert.Equal(documents.Select(document => document.Id).Order(StringComparer.Ordinal), IdSort.Sort(documents).Select(document => document.Id));
    });
}
