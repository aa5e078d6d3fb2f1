using Idflow.Engine.Storage.Payloads;
using Microsoft.Win32.SafeHandles;

namespace Idflow.Engine.Tests.Support;

/// <summary>
/// What a power cut would leave of a folder: a file only when its content was flushed as it is, and its name with the folder that holds it,
/// up to the root. Whatever was not flushed counts as lost.
/// </summary>
internal sealed class FlushedDisk(string root) : IDiskFlush
{
    private readonly Dictionary<long, byte[]> _contents = [];
    private readonly Dictionary<string, HashSet<string>> _names = [];

    /// <summary>Called before each flush, with the path of what is flushed.</summary>
    public Action<string> Before { get; init; } = static _ => { };

    public void File(SafeFileHandle file, string path)
    {
        Before(path);
        var content = new byte[RandomAccess.GetLength(file)];
        RandomAccess.Read(file, content, 0);
        _contents[Hash(content)] = content;
    }

    public void Folder(string folder)
    {
        Before(folder);
        _names[Path.GetFullPath(folder)] = [.. Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)!)];
    }

    /// <summary>Whether the file would be there, with what it holds now.</summary>
    public bool Keeps(string path)
    {
        for (var at = Path.GetFullPath(path); at != Path.GetFullPath(root); at = Path.GetDirectoryName(at)!)
        {
            if (!_names.TryGetValue(Path.GetDirectoryName(at)!, out var names) || !names.Contains(Path.GetFileName(at)))
            {
                return false;
            }
        }
        return _contents.TryGetValue(Hash(System.IO.File.ReadAllBytes(path)), out var flushed) && flushed.AsSpan().SequenceEqual(System.IO.File.ReadAllBytes(path));
    }

    /// <summary>Files below a folder that would not be there.</summary>
    public IReadOnlyList<string> Lost(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !Keeps(file)).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    private static long Hash(byte[] content) => BitConverter.ToInt64(System.Security.Cryptography.SHA256.HashData(content));
}
