using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Documents.Stores.FileSystem;

/// <summary>Where documents lie: <c>&lt;data&gt;/&lt;status&gt;/&lt;id&gt;/</c>. Finds them by looking into the five status folders, and holds every path inside the data folder.</summary>
internal sealed class DocumentFolders(string root, string? messageFolder = null)
{
    private static readonly DocumentStatus[] Statuses = Enum.GetValues<DocumentStatus>();

    public string Root { get; } = Path.GetFullPath(root);

    public string PathOf(DocumentStatus status) => Path.Combine(Root, StatusNames.Of(status));

    public string PathOf(DocumentStatus status, string id) => Path.Combine(PathOf(status), id);

    /// <summary>The path as messages show it: relative to the message folder (or the data folder) where it is below it, with <c>/</c>.</summary>
    public string NameOf(string path)
    {
        var relative = Path.GetRelativePath(messageFolder ?? Root, path);
        return (messageFolder is not null && relative.StartsWith("..", StringComparison.Ordinal) ? path : relative).Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>The folder of a document; null when there is none.</summary>
    /// <exception cref="DocumentException">It lies in two status folders, or is a link out of the data folder.</exception>
    public DocumentFolder? Find(string id)
    {
        SafeName.CheckId(id);
        DocumentFolder? found = null;
        foreach (var status in Statuses)
        {
            var path = PathOf(status, id);
            if (!File.Exists(Path.Combine(path, SafeName.DocumentFileName)))
            {
                continue;
            }

            if (found is not null)
            {
                throw new DocumentException(
                    $"The document '{id}' lies in two folders, {NameOf(found.Path)} and {NameOf(path)}; look which one is right and delete or move the other.");
            }

            found = new DocumentFolder(id, status, path);
        }

        if (found is not null)
        {
            CheckInside(Path.Combine(found.Path, SafeName.DocumentFileName));
        }

        return found;
    }

    public IEnumerable<string> IdsWithPrefix(string prefix) =>
        from folder in Statuses.Select(PathOf)
        where Directory.Exists(folder)
        from path in Directory.EnumerateDirectories(folder, "*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true })
        let id = Path.GetFileName(path)
        where id.StartsWith(prefix, StringComparison.Ordinal) && SafeName.IsSafe(id) && File.Exists(Path.Combine(path, SafeName.DocumentFileName))
        select id;

    /// <summary>Refuses a path that links lead out of the data folder.</summary>
    public void CheckInside(string path)
    {
        for (var step = path; step.Length > Root.Length; step = Path.GetDirectoryName(step)!)
        {
            var info = new FileInfo(step);
            if (info.LinkTarget is null)
            {
                continue;
            }

            var target = Path.GetFullPath(info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? info.LinkTarget);
            if (!target.StartsWith(RealRoot + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !target.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new DocumentException($"{NameOf(step)} is a link that leads out of the data folder, to {target}; it is not followed.");
            }
        }
    }

    private string RealRoot => new DirectoryInfo(Root).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Root;
}

/// <summary>The folder of one document and the status that it stands for.</summary>
internal sealed record DocumentFolder(string Id, DocumentStatus Status, string Path)
{
    public string DocumentPath => System.IO.Path.Combine(Path, SafeName.DocumentFileName);

    public string StagesPath => System.IO.Path.Combine(Path, SafeName.StagesFolderName);

    public string RunPath(string stageName, int counter) =>
        System.IO.Path.Combine(StagesPath, stageName, counter.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
