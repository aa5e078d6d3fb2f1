using Idflow.Documents;
using Idflow.Documents.Model;
using Idflow.Tasks.Common;
using Idflow.Tasks.Text;
using Idflow.Workers;

namespace Idflow.Tasks.Research.Sources;

/// <summary>
/// Texts of the project: a folder, or the files of a document and the documents it refers to, or else the project's other
/// documents. An empty or unreadable place is an error, never a silent step to other sources.
/// </summary>
internal sealed class LocalSources(string projectFolder, IDocumentStore? documents)
{
    /// <summary>In a larger project the full-text search chooses this many documents.</summary>
    public const int MostDocuments = 300;

    /// <summary>Larger files are left out.</summary>
    public const long MostFileBytes = 20 * 1024 * 1024;

    public async Task<SourceSet> GatherAsync(string docId, string query, string? docsPath, CancellationToken cancellationToken)
    {
        var set = docsPath is not null ? await FromFolderAsync(docsPath, cancellationToken) : await FromDocumentsAsync(docId, query, cancellationToken);
        if (set.Texts.Count == 0)
        {
            var reasons = set.Skipped.Count == 0 ? "" : " Left out: " + string.Join("; ", set.Skipped.Take(5).Select(skipped => $"{skipped.Url} ({skipped.Reason})"));
            throw TaskFailedException.Terminal($"Input 'sources' is local, but {set.Description} holds no text to read. Add files or documents, or give 'docs_path'.{reasons}");
        }

        return set;
    }

    private async Task<SourceSet> FromFolderAsync(string docsPath, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(docsPath, projectFolder);
        if (!IsInside(folder) || (Directory.Exists(folder) && !IsInside(new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder)))
        {
            throw TaskFailedException.Terminal($"Input 'docs_path' is {docsPath}, which leaves the project; give a folder inside it.");
        }

        if (!Directory.Exists(folder))
        {
            throw TaskFailedException.Terminal($"Input 'docs_path': there is no folder {docsPath} in the project.");
        }

        List<SourceText> texts = [];
        List<SkippedSource> skipped = [];
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint | FileAttributes.System };
        foreach (var file in Directory.EnumerateFiles(folder, "*", options).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(projectFolder, file).Replace('\\', '/');
            await using var stream = File.OpenRead(file);
            await AddAsync(texts, skipped, name, Path.GetFileName(file), name, "", stream, cancellationToken);
        }

        return new(texts, skipped, $"the folder {docsPath}");
    }

    private bool IsInside(string path) => (path + Path.DirectorySeparatorChar).StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(projectFolder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private async Task<SourceSet> FromDocumentsAsync(string docId, string query, CancellationToken cancellationToken)
    {
        if (documents is null)
        {
            throw TaskFailedException.Terminal("Input 'sources' is local, but there is no document store here; give 'docs_path'.");
        }

        Document document;
        try
        {
            document = await documents.GetAsync(await documents.ResolveIdAsync(docId, cancellationToken), cancellationToken);
        }
        catch (DocumentException error)
        {
            throw TaskFailedException.Terminal($"Input 'docId': {error.Message}", error);
        }

        List<SourceText> texts = [];
        List<SkippedSource> skipped = [];
        foreach (var file in document.FileReferences)
        {
            await using var stream = await documents.OpenFileAsync(document.Id, file.Uuid, cancellationToken);
            await AddAsync(texts, skipped, $"doc:{document.Id}/{file.FileName}", file.FileName, $"doc:{document.Id}/{file.FileName}", Facts(file.Data), stream, cancellationToken);
        }

        var referenced = document.DocumentReferences.Select(reference => reference.Uuid).Distinct(StringComparer.Ordinal).ToList();
        if (document.FileReferences.Count > 0 || referenced.Count > 0)
        {
            await AddDocumentsAsync(texts, skipped, referenced, cancellationToken);
            return new(texts, skipped, $"the files and referenced documents of document {document.Id}");
        }

        await AddDocumentsAsync(texts, skipped, await OthersAsync(document.Id, query, cancellationToken), cancellationToken);
        return new(texts, skipped, "the project's other documents");
    }

    private async Task<IReadOnlyList<string>> OthersAsync(string asking, string query, CancellationToken cancellationToken)
    {
        var all = (await documents!.QueryAsync(new DocumentQuery { Limit = MostDocuments + 1 }, cancellationToken)).Documents.Select(summary => summary.Id).ToList();
        if (all.Count > MostDocuments)
        {
            // All words of a question rarely stand in one document, so each of its words is searched.
            var found = new List<(string Id, double Score)>();
            foreach (var word in new Retrieval.SearchTerms("en").Of(query).Distinct(StringComparer.Ordinal).Take(12))
            {
                var hits = await documents.SearchAsync(word, MostDocuments, cancellationToken);
                found.AddRange(hits.Select((hit, rank) => (hit.DocumentId, 1.0 / (Retrieval.RankFusion.Constant + rank))));
            }

            all = [.. found.GroupBy(hit => hit.Id, StringComparer.Ordinal).OrderByDescending(group => group.Sum(hit => hit.Score)).Take(MostDocuments).Select(group => group.Key)];
        }

        return [.. all.Where(id => id != asking)];
    }

    private async Task AddDocumentsAsync(List<SourceText> texts, List<SkippedSource> skipped, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            try
            {
                var document = await documents!.GetAsync(id, cancellationToken);
                var text = UntrustedText.Clean(document.Body);
                if (string.IsNullOrWhiteSpace(text))
                {
                    skipped.Add(new($"doc:{id}", "its body is empty"));
                    continue;
                }

                var title = SourceTitle.Of(document.Properties, text) ?? $"Document {id}";
                texts.Add(new(title, $"doc:{id}", $"doc:{id}", text, SourceTitle.Header(title, Facts(document.Properties))));
            }
            catch (DocumentException error)
            {
                skipped.Add(new($"doc:{id}", error.Message));
            }
        }
    }

    private static async Task AddAsync(List<SourceText> texts, List<SkippedSource> skipped, string url, string fileName, string origin, string facts, Stream stream, CancellationToken cancellationToken)
    {
        if (stream.CanSeek && stream.Length > MostFileBytes)
        {
            skipped.Add(new(url, $"larger than {MostFileBytes / 1024 / 1024} MiB"));
            return;
        }

        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, cancellationToken);
        var (text, title, reason) = TextExtractor.Extract(fileName, null, memory.ToArray());
        if (string.IsNullOrWhiteSpace(text))
        {
            skipped.Add(new(url, reason ?? "it holds no text"));
            return;
        }

        var clean = UntrustedText.Clean(text);
        var name = title ?? SourceTitle.FromFileName(fileName);
        texts.Add(new(name, url, origin, clean, SourceTitle.Header(name, facts, SourceTitle.FromFileName(fileName))));
    }

    /// <summary>Short values of properties: author, year, subject; they say what the text itself may not.</summary>
    private static string Facts(PropertyMap properties) => string.Join(", ", properties
        .Where(entry => !entry.Key.StartsWith('_') && entry.Key is not ("title" or "kind" or "words" or "sha256" or "license" or "created" or "updated" or "file" or "filename" or "source"))
        .Select(entry => entry.Value switch
        {
            string value when value.Length <= 60 && !value.Contains("://", StringComparison.Ordinal) => value,
            long or DateOnly => Convert.ToString(entry.Value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
            _ => "",
        }).Where(value => value.Length > 0).Take(6));
}
