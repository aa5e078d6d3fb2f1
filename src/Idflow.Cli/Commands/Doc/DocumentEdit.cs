using Idflow.Cli.Errors;
using Idflow.Documents;
using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Cli.Commands.Doc;

/// <summary>
/// The changes that the options of one command ask for: read and checked before anything is stored, then applied to the
/// document as it is under its lock.
/// </summary>
internal sealed class DocumentEdit
{
    private static readonly string[] Reserved = ["id", "status", "body", "_doc_refs", "_file_refs"];

    private readonly List<Func<PropertyMap, PropertyMap>> _propertyChanges = [];
    private readonly List<DocumentReference> _newReferences = [];
    private readonly List<ReferenceData> _documentData = [];
    private readonly List<ReferenceData> _fileData = [];

    private DocumentEdit()
    {
    }

    /// <summary>Files to copy in: key and absolute path.</summary>
    public IReadOnlyList<(string Key, string Path)> Files { get; private set; } = [];

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => _propertyChanges.Count + _newReferences.Count + _documentData.Count + _fileData.Count + Files.Count == 0;

    /// <param name="context">The command, with its options parsed.</param>
    /// <param name="options">Its edit options.</param>
    /// <param name="unset">Properties to take away first.</param>
    /// <param name="documents">Where references to documents are looked up.</param>
    public static async Task<DocumentEdit> ReadAsync(CommandContext context, DocumentEditOptions options, IReadOnlyList<string> unset, IDocumentStore documents)
    {
        string[] Values(System.CommandLine.Option<string[]> option) => context.Parse.GetValue(option) ?? [];
        var edit = new DocumentEdit();
        foreach (var path in unset)
        {
            edit.Change(path, "--unset", properties => PropertyPath.TryRemove(properties, path, out var rest) ? rest : properties);
        }

        foreach (var (key, value) in Values(options.Set).Select(text => PropertyValueParser.Split(text, "--set")))
        {
            edit.Change(key, "--set", properties => PropertyPath.Set(properties, key, PropertyValueParser.Parse(value)));
        }

        foreach (var (key, value) in Values(options.ListAdd).Select(text => PropertyValueParser.Split(text, "--list-add")))
        {
            edit.Change(key, "--list-add", properties => Append(properties, key, PropertyValueParser.Parse(value)));
        }

        foreach (var (key, value) in Values(options.Json).Select(text => PropertyValueParser.Split(text, "--json")))
        {
            var json = ReferenceData.ParseJson($"--json {key}", value);
            edit.Change(key, "--json", properties => PropertyPath.Set(properties, key, json));
        }

        foreach (var (key, value) in Values(options.AddDoc).Select(text => PropertyValueParser.Split(text, "--add-doc")))
        {
            edit._newReferences.Add(new DocumentReference(key.Trim(), await documents.ResolveIdAsync(value.Trim(), context.CancellationToken).ConfigureAwait(false), PropertyMap.Empty));
        }

        edit.Files = [.. Values(options.AddFile).Select(text => PropertyValueParser.Split(text, "--add-file")).Select(file => (file.Key.Trim(), ReadableFile(context, file.Value)))];
        edit._documentData.AddRange(Values(options.DocData).Select(text => ReferenceData.Parse(text, "--doc-data")));
        edit._fileData.AddRange(Values(options.FileData).Select(text => ReferenceData.Parse(text, "--file-data")));
        return edit;
    }

    /// <summary>The document with the property and reference changes.</summary>
    /// <exception cref="CliException">Data is given for a reference that the document does not have.</exception>
    public Document Apply(Document document)
    {
        var references = document.DocumentReferences.Concat(_newReferences).ToList();
        foreach (var data in _documentData)
        {
            var index = references.FindLastIndex(reference => reference.Key == data.Key);
            references[RequireIndex(index, data, "document", references.Select(reference => reference.Key))] =
                references[index] with { Data = data.ApplyTo(references[index].Data) };
        }

        return document with
        {
            Properties = _propertyChanges.Aggregate(document.Properties, (properties, change) => change(properties)),
            DocumentReferences = references,
        };
    }

    /// <summary>Copies the files in, then sets the data of file references, old ones too.</summary>
    public async Task AddFilesAsync(IDocumentStore documents, string id, CancellationToken cancellationToken)
    {
        foreach (var (key, path) in Files)
        {
            await using var content = File.OpenRead(path);
            var data = _fileData.Where(item => item.Key == key).Aggregate(PropertyMap.Empty, (map, item) => item.ApplyTo(map));
            await documents.AddFileAsync(id, key, Path.GetFileName(path), content, data, cancellationToken).ConfigureAwait(false);
        }

        var forOld = _fileData.Where(data => Files.All(file => file.Key != data.Key)).ToList();
        if (forOld.Count > 0)
        {
            await documents.UpdateAsync(id, document => WithFileData(document, forOld), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Refuses data for file references that neither the document nor this edit has; null for a new document.</summary>
    public void RequireFileKeys(Document? document)
    {
        var known = Files.Select(file => file.Key).Concat(document?.FileReferences.Select(file => file.Key) ?? []).ToList();
        foreach (var data in _fileData)
        {
            RequireIndex(known.IndexOf(data.Key), data, "file", known);
        }
    }

    private static Document WithFileData(Document document, IEnumerable<ReferenceData> changes)
    {
        var files = document.FileReferences.ToList();
        foreach (var data in changes)
        {
            var index = files.FindLastIndex(file => file.Key == data.Key);
            files[RequireIndex(index, data, "file", files.Select(file => file.Key))] = files[index] with { Data = data.ApplyTo(files[index].Data) };
        }

        return document with { FileReferences = files };
    }

    private static int RequireIndex(int index, ReferenceData data, string kind, IEnumerable<string> known) => index >= 0 ? index
        : throw CliException.Usage($"{data.Option}: the document has no {kind} reference '{data.Key}'.", NearestName.Of(data.Key, known) is { } near ? $"Did you mean '{near}'?" : null);

    private void Change(string path, string option, Func<PropertyMap, PropertyMap> change)
    {
        if (Reserved.Contains(path))
        {
            throw CliException.Usage($"{option}: '{path}' is not a property.", path switch
            {
                "status" => "Use 'idflow doc set-status', or --status of 'doc add'.",
                "body" => "Give the text as BODY to 'doc add', or with --body to 'doc modify'.",
                "id" => "The id of a document does not change.",
                _ => "Use --add-doc and --add-file.",
            });
        }

        _propertyChanges.Add(change);
    }

    private static PropertyMap Append(PropertyMap properties, string path, object? item)
    {
        IReadOnlyList<object?> items = !PropertyPath.TryGet(properties, path, out var value) || value is null ? []
            : value as IReadOnlyList<object?> ?? throw CliException.Usage($"--list-add: '{path}' is {PropertyText.KindOf(value)}, not a list.", $"Take it away first with --unset {path}.");
        return PropertyPath.Set(properties, path, items.Append(item).ToList());
    }

    private static string ReadableFile(CommandContext context, string path)
    {
        var full = Path.GetFullPath(path, context.Environment.WorkingDirectory);
        return File.Exists(full) ? full : throw CliException.Usage($"--add-file: there is no file {path}.");
    }
}
