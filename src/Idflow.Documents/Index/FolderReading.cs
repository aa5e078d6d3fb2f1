using Idflow.Documents.Markdown;
using Idflow.Documents.Model;
using Idflow.Documents.Query;
using Idflow.Documents.Stores;
using Idflow.Documents.Stores.FileSystem;

namespace Idflow.Documents.Index;

/// <summary>The reading of one folder: collects texts and problems while it goes on past what is broken.</summary>
internal sealed class FolderReading(DocumentFolders folders, DocumentStatus status, string id, string folder)
{
    private const string DocumentFileName = SafeName.DocumentFileName;

    private readonly List<DocumentProblem> _problems = [];
    private readonly List<IndexedText> _texts = [];

    /// <summary>Whether the folder itself is a link, perhaps out of the data folder.</summary>
    private bool IsLink { get; } = new DirectoryInfo(folder).LinkTarget is not null;

    public IReadOnlyList<DocumentProblem> Problems => _problems;

    public IReadOnlyList<IndexedText> Texts => _texts;

    /// <summary>Null when the file cannot be read; the problem says why.</summary>
    public DocumentFile? ReadDocument()
    {
        var file = Try(DocumentFileName, DocumentFile.Parse);
        file = file is not null && file.Status != StatusNames.Of(status) ? Pending() ?? file : file;
        if (file is null)
        {
            return null;
        }

        _texts.Add(new IndexedText(null, file.Body));
        _problems.AddRange(file.Flaws.Select(flaw => new DocumentProblem(NameOf(DocumentFileName), flaw.Line, flaw.Message, IsWarning: true)));
        CheckAgainstFolder(file, ReservedKeys.Id, file.Id, id);
        CheckAgainstFolder(file, ReservedKeys.Status, file.Status, StatusNames.Of(status));
        return file;
    }

    public List<StageSummary> ReadStages(StageTree tree)
    {
        var stages = new List<StageSummary>();
        foreach (var run in tree.Runs)
        {
            if (run.HasStageFile && ReadStage(run) is { } stage)
            {
                stages.Add(stage);
            }

            foreach (var result in run.Results)
            {
                if (Try($"{run.Path}/{result}", MarkdownText.Decode) is { } text)
                {
                    _texts.Add(new IndexedText($"{run.Name}/{run.Counter}/{result[..^".md".Length]}", text.Body));
                }
            }
        }

        return stages;
    }

    private StageSummary? ReadStage(StageFolder run) =>
        Try($"{run.Path}/{SafeName.StageFileName}", (bytes, name) => StageFile.Read(MarkdownText.Decode(bytes, name), name, id, run.Name, run.Counter, run.Results)) is { } stage
            ? new StageSummary(run.Name, run.Counter, stage.Status)
            : null;

    /// <summary>The text that a crash in a change of status left beside the old one; see the Markdown store.</summary>
    private DocumentFile? Pending()
    {
        var path = AtomicFile.PendingPath(Path.Combine(folder, DocumentFileName));
        if (!File.Exists(path) || File.GetLastWriteTimeUtc(path) < File.GetLastWriteTimeUtc(Path.Combine(folder, DocumentFileName)))
        {
            return null;
        }

        using var bytes = FileBytes.Read(path);
        var pending = DocumentFile.Parse(bytes.Span, NameOf(Path.GetFileName(path)));
        return pending.Status == StatusNames.Of(status) ? pending : null;
    }

    private void CheckAgainstFolder(DocumentFile file, string key, string? written, string expected)
    {
        if (written != expected)
        {
            var says = written is null ? $"there is no `{key}`" : $"`{key}` is '{written}'";
            Warn(DocumentFileName, file.LineOf(key), $"{says}, but the folder says '{expected}'; the folder is right, and the next save mends the file");
        }
    }

    private delegate T Parser<out T>(ReadOnlySpan<byte> utf8, string path);

    private T? Try<T>(string path, Parser<T> parse)
        where T : class
    {
        try
        {
            var file = Path.Combine(folder, path);
            if (new FileInfo(file).LinkTarget is not null || IsLink)
            {
                folders.CheckInside(file);
            }

            using var bytes = FileBytes.Read(file);
            return parse(bytes.Span, NameOf(path));
        }
        catch (DocumentFormatException error)
        {
            return Report<T>(path, error.Line, error.Message[$"{error.Path}:{error.Line}:{error.Column}: ".Length..]);
        }
        catch (DocumentException error)
        {
            return Report<T>(path, 0, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Report<T>(path, 0, $"cannot be read: {error.Message}");
        }
    }

    private T? Report<T>(string path, int line, string message)
        where T : class
    {
        _problems.Add(new DocumentProblem(NameOf(path), line, message, IsWarning: false));
        return null;
    }

    private void Warn(string path, int line, string message) => _problems.Add(new DocumentProblem(NameOf(path), line, message, IsWarning: true));

    private string NameOf(string path) => DataFolder.NameOf(status, id, path);
}
