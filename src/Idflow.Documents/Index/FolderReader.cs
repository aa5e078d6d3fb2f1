using Idflow.Documents.Model;

namespace Idflow.Documents.Index;

/// <summary>Reads one document folder for the index: properties, references, stages, the texts to search, and what is broken.</summary>
internal sealed class FolderReader(DataFolder data, TimeProvider clock)
{
    /// <summary>Null when the folder holds no <c>doc.md</c> (any more).</summary>
    public IndexedFolder? Read(DocumentStatus status, string id)
    {
        var now = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var folder = data.Folders.PathOf(status, id);
        var stages = StageTree.List(folder);
        if (data.Fingerprint(status, id, stages.Watched, now) is not { } fingerprint)
        {
            return null;
        }

        var reading = new FolderReading(data.Folders, status, id, folder);
        var document = new IndexedDocument { Id = id, Status = status, Fingerprint = fingerprint, Watched = stages.Watched };
        if (reading.ReadDocument() is { } file)
        {
            document = document with
            {
                Properties = PropertyCodec.Encode(file.Properties),
                DocumentReferences = file.DocumentReferences,
                FileReferences = file.FileReferences,
                Stages = reading.ReadStages(stages),
            };
        }

        return new IndexedFolder(document with { Problems = reading.Problems }, reading.Texts);
    }
}
