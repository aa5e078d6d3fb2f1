using Idflow.Documents.Model;
using Idflow.Documents.Stores.FileSystem;

namespace Idflow.Documents.Index;

/// <summary>Reads one document folder for the index: properties, references, stages, the texts to search, and what is broken.</summary>
internal sealed class FolderReader(DataFolder data, TimeProvider clock)
{
    /// <summary>Null when the folder holds no <c>doc.md</c> (any more).</summary>
    public IndexedFolder? Read(DocumentStatus status, string id)
    {
        var now = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var folder = data.Folders.PathOf(status, id);
        var entries = FolderEntries.List(folder);
        var stages = entries.HasStages ? StageTree.List(folder) : StageTree.Empty;
        if (data.Fingerprint(status, id, stages.Watched, now) is not { } fingerprint)
        {
            return null;
        }

        var reading = new FolderReading(data.Folders, status, id, folder);
        byte[]? properties = null;
        var details = new DocumentDetails { Watched = stages.Watched };
        if (reading.ReadDocument() is { } file)
        {
            properties = PropertyCodec.Encode(file.Properties);
            details = details with { DocumentReferences = file.DocumentReferences, FileReferences = file.FileReferences, Stages = reading.ReadStages(stages) };
        }

        details = details with { Problems = reading.Problems };
        Leftover[] leftovers = [.. entries.Leftovers.Concat(stages.Leftovers).Select(path => new Leftover(id, Path.Combine(folder, path)))];
        var document = new IndexedDocument
        {
            Id = id,
            Status = status,
            Fingerprint = leftovers.Length > 0 ? IndexedDocument.Unsettled : fingerprint,
            Properties = properties,
            Details = details.IsEmpty ? DocumentDetails.None : details,
        };
        return new IndexedFolder(document, reading.Texts, leftovers);
    }
}
