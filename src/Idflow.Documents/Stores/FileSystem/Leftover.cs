namespace Idflow.Documents.Stores.FileSystem;

/// <summary>
/// Something that a crash may have left in a data folder: a temporary file or folder, whose names begin with a dot. All are made, used and taken
/// away under the lock of their document (a file that is being copied in is held open besides), so that whoever has that lock knows
/// whether anybody still needs them.
/// </summary>
/// <param name="Id">The document it belongs to.</param>
/// <param name="Path">Where it is, absolute.</param>
internal sealed record Leftover(string Id, string Path)
{
    private const string New = ".new-";
    private const string Deleted = ".deleted-";
    private const string Part = ".part";
    private const string Next = ".next";

    /// <summary>Where a new document is made, before it gets its name.</summary>
    public static string NameOfNew(string id, Guid unique) => $"{New}{id}-{unique:N}";

    /// <summary>Where a document lies while it is deleted.</summary>
    public static string NameOfDeleted(string id, Guid unique) => $"{Deleted}{id}-{unique:N}";

    /// <summary>Where a run of a stage is made, in the folder of the stage.</summary>
    public static string NameOfNewRun(Guid unique) => $"{New}{unique:N}";

    /// <summary>A file that is being copied in.</summary>
    public static string NameOfPart(string uuid) => $".{uuid}{Part}";

    /// <summary>The next text of a Markdown file.</summary>
    public static string NameOfNext(string fileName) => $".{fileName}{Next}";

    public bool IsPart => Path.EndsWith(Part, StringComparison.Ordinal);

    public bool IsNextDocument => System.IO.Path.GetFileName(Path) == NameOfNext(SafeName.DocumentFileName);

    /// <summary>The document that a folder in a status folder belongs to; null when the name is not of this program's making.</summary>
    public static string? OwnerOf(ReadOnlySpan<char> folderName)
    {
        var id = folderName.StartsWith(New) ? folderName[New.Length..] : folderName.StartsWith(Deleted) ? folderName[Deleted.Length..] : [];
        var end = id.LastIndexOf('-');
        return end > 0 && Guid.TryParseExact(id[(end + 1)..], "N", out _) ? id[..end].ToString() : null;
    }

    /// <summary>Whether a name inside a document folder is of this program's making.</summary>
    public static bool IsInside(ReadOnlySpan<char> name) => name is ['.', ..]
        && ((name.EndsWith(Next) && name[..^Next.Length].EndsWith(".md"))
            || (name.EndsWith(Part) && Guid.TryParseExact(name[1..^Part.Length], "D", out _))
            || (name.StartsWith(New) && Guid.TryParseExact(name[New.Length..], "N", out _)));
}
