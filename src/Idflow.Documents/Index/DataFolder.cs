using System.IO.Enumeration;
using System.Text;
using Idflow.Documents.Model;
using Idflow.Documents.Query;
using Idflow.Documents.Stores;
using Idflow.Documents.Stores.FileSystem;

namespace Idflow.Documents.Index;

/// <summary>The tree <c>data/&lt;status&gt;/&lt;id&gt;/</c> as the index looks at it.</summary>
internal sealed class DataFolder
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    private readonly byte[][] _statusPaths;

    public DataFolder(string root)
    {
        Folders = new DocumentFolders(root);
        _statusPaths = [.. Enum.GetValues<DocumentStatus>().Select(status => Encoding.UTF8.GetBytes(Folders.PathOf(status) + Path.DirectorySeparatorChar))];
    }

    public DocumentFolders Folders { get; }

    /// <summary>A path as problems name it: below the data folder, with <c>/</c>.</summary>
    public static string NameOf(DocumentStatus status, string id, string file) => $"{StatusNames.Of(status)}/{id}/{file}";

    /// <summary>The folders of one status, in no order; <paramref name="select"/> gets the name. Names that begin with a dot are not documents, but may be <paramref name="leftovers"/>.</summary>
    public IEnumerable<T> List<T>(DocumentStatus status, List<Leftover> leftovers, SelectName<T> select)
    {
        var path = Folders.PathOf(status);
        bool IsNoDocument(ReadOnlySpan<char> name)
        {
            if (Leftover.OwnerOf(name) is { } id)
            {
                leftovers.Add(new Leftover(id, Path.Combine(path, name.ToString())));
            }

            return false;
        }

        return !Directory.Exists(path)
            ? []
            : new FileSystemEnumerable<T>(path, (ref entry) => select(entry.FileName), Everything)
            {
                ShouldIncludePredicate = (ref entry) => entry.FileName[0] != '.' ? entry.IsDirectory : IsNoDocument(entry.FileName),
            };
    }

    /// <summary>
    /// The fingerprint of a document folder: the stamps of the folder, its <c>doc.md</c> and everything watched. The folder's
    /// own stamp shows that <c>stages/</c> came or went, so nothing needs to be listed.
    /// </summary>
    /// <param name="status">Where the folder is.</param>
    /// <param name="id">Its name.</param>
    /// <param name="watched">Paths below it.</param>
    /// <param name="now">The time (nanoseconds since 1970); null when it does not matter whether stamps are young.</param>
    /// <returns>Null where there is no <c>doc.md</c>; <see cref="IndexedDocument.Unsettled"/> when a stamp is too young to be trusted.</returns>
    public ulong? Fingerprint(DocumentStatus status, string id, IReadOnlyList<string> watched, long? now)
    {
        var prefix = _statusPaths[(int)status];
        Span<byte> buffer = stackalloc byte[1024];
        var length = prefix.Length + Encoding.UTF8.GetMaxByteCount(id.Length) + 2;
        if (length + SafeName.DocumentFileName.Length > buffer.Length)
        {
            buffer = new byte[length + SafeName.DocumentFileName.Length];
        }

        prefix.CopyTo(buffer);
        var folder = prefix.Length + Encoding.UTF8.GetBytes(id, buffer[prefix.Length..]);
        var fingerprint = 1UL;
        var isYoung = false;
        if (!Add(buffer, folder, "", now, ref fingerprint, ref isYoung) || !Add(buffer, folder, SafeName.DocumentFileName, now, ref fingerprint, ref isYoung))
        {
            return null;
        }

        foreach (var path in watched)
        {
            var need = folder + Encoding.UTF8.GetMaxByteCount(path.Length) + 2;
            if (need > buffer.Length)
            {
                var larger = new byte[need];
                buffer[..folder].CopyTo(larger);
                buffer = larger;
            }

            Add(buffer, folder, path, now, ref fingerprint, ref isYoung);
        }

        return isYoung ? IndexedDocument.Unsettled : Math.Max(fingerprint, 1);
    }

    private static bool Add(Span<byte> buffer, int folder, string path, long? now, ref ulong fingerprint, ref bool isYoung)
    {
        var end = folder;
        if (path.Length > 0)
        {
            buffer[end++] = (byte)'/';
            end += Encoding.UTF8.GetBytes(path, buffer[end..]);
        }

        buffer[end] = 0;
        var exists = FileStamp.TryRead(buffer[..(end + 1)], out var stamp);
        fingerprint = stamp.MixInto(fingerprint);
        isYoung |= exists && now is { } time && stamp.IsYoung(time);
        return exists;
    }

    internal delegate T SelectName<out T>(ReadOnlySpan<char> name);
}
