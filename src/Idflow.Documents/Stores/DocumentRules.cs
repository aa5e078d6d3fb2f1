using Idflow.Documents.Markdown;
using Idflow.Documents.Model;

namespace Idflow.Documents.Stores;

/// <summary>What every store demands of what it is given, and the form in which it keeps it.</summary>
internal static class DocumentRules
{
    /// <exception cref="DocumentException">A name or value cannot be stored.</exception>
    public static Document ForCreation(Document document) => Normalized(document, bodyBefore: null);

    /// <summary>The changed document; its identity is the current one's.</summary>
    /// <exception cref="DocumentException">A name or value cannot be stored, or the id was changed.</exception>
    public static Document ForChange(Document current, Document changed)
    {
        if (changed.Id != current.Id)
        {
            throw new DocumentException($"The id of a document cannot change ('{current.Id}' to '{changed.Id}').");
        }

        return Normalized(changed, current.Body) with { Revision = current.Revision };
    }

    /// <summary>The document as readers see it: numbers without the text that they are written with.</summary>
    public static Document AsRead(Document document) => document with
    {
        Properties = PropertyValue.Normalize(document.Properties),
        DocumentReferences = [.. document.DocumentReferences.Select(reference => reference with { Data = PropertyValue.Normalize(reference.Data) })],
        FileReferences = [.. document.FileReferences.Select(reference => reference with { Data = PropertyValue.Normalize(reference.Data) })],
    };

    /// <summary>True when a store has nothing to write.</summary>
    public static bool Same(Document left, Document right) =>
        left.Status == right.Status
        && left.Body == right.Body
        && PropertyValue.Same(left.Properties, right.Properties)
        && left.DocumentReferences.Count == right.DocumentReferences.Count
        && left.FileReferences.Count == right.FileReferences.Count
        && left.DocumentReferences.Zip(right.DocumentReferences).All(pair => pair.First.Key == pair.Second.Key && pair.First.Uuid == pair.Second.Uuid && PropertyValue.Same(pair.First.Data, pair.Second.Data))
        && left.FileReferences.Zip(right.FileReferences).All(pair => pair.First.Key == pair.Second.Key && pair.First.Uuid == pair.Second.Uuid && pair.First.FileName == pair.Second.FileName && PropertyValue.Same(pair.First.Data, pair.Second.Data));

    public static StageRun ForStage(StageRun run, string documentId, string stageName, int counter)
    {
        StageFile.CheckProperties(run.Properties);
        return run with
        {
            DocumentId = documentId,
            StageName = stageName,
            Counter = counter,
            Properties = PropertyValue.Normalize(run.Properties),
            Body = MarkdownFile.NormalizeBody(run.Body),
        };
    }

    public static StageResult ForResult(StageResult result)
    {
        SafeName.CheckResult(result.Name);
        return result with { Properties = PropertyValue.Normalize(result.Properties), Body = MarkdownFile.NormalizeBody(result.Body) };
    }

    private static Document Normalized(Document document, string? bodyBefore)
    {
        SafeName.CheckId(document.Id);
        if (!Enum.IsDefined(document.Status))
        {
            throw new DocumentException($"There is no document status {(int)document.Status}.");
        }

        if (document.Properties.Keys.FirstOrDefault(ReservedKeys.IsReserved) is { } key)
        {
            throw new DocumentException($"'{key}' cannot be a property: the document itself has it.");
        }

        foreach (var file in document.FileReferences)
        {
            SafeName.CheckFile(file.Uuid);
        }

        if (document.DocumentReferences.Any(reference => reference.Uuid.Length == 0))
        {
            throw new DocumentException("A reference to a document needs its id.");
        }

        return document with
        {
            Properties = PropertyValue.NormalizeToWrite(document.Properties),
            Body = document.Body == bodyBefore ? document.Body : MarkdownFile.NormalizeBody(document.Body),
            DocumentReferences = [.. document.DocumentReferences.Select(reference => reference with { Data = PropertyValue.NormalizeToWrite(reference.Data) })],
            FileReferences = [.. document.FileReferences.Select(reference => reference with { Data = PropertyValue.NormalizeToWrite(reference.Data) })],
        };
    }
}
