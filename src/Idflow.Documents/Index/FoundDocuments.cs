using System.Collections;

namespace Idflow.Documents.Index;

/// <summary>What a query found: each summary is made when it is asked for and kept by nobody here, so that a long listing never is in memory as a whole.</summary>
internal sealed class FoundDocuments(IndexedDocument[] documents) : IReadOnlyList<DocumentSummary>
{
    public int Count => documents.Length;

    public DocumentSummary this[int index] => documents[index].Summary();

    public IEnumerator<DocumentSummary> GetEnumerator()
    {
        foreach (var document in documents)
        {
            yield return document.Summary();
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
