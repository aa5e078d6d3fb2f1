using System.Security.Cryptography;

namespace Idflow.Engine.Storage.Payloads;

/// <summary>
/// Large payloads as files beside the database: <c>payloads/ab/abcd..</c>, named by the hash of their content, so that a payload that goes through
/// many tasks stands on disk once. A file is on disk before the row that names it is committed, and is never changed; what no row
/// names is collected.
/// </summary>
internal sealed class PayloadFiles(string engineDirectory, int fileBytes, Action<CommitPoint>? atPoint = null, IDiskFlush? disk = null)
{
    public const string FolderName = "payloads";
    private const int NameLength = 64;
    private const string LockName = "payloads.lock";

    private readonly string _folder = Path.Combine(engineDirectory, FolderName);
    private readonly DurableFile _durable = new(disk ?? DiskFlush.Instance);

    /// <summary>Where a file lies below the engine's folder.</summary>
    public static string RelativePath(string name) => Path.Combine(FolderName, name[..2], name);

    /// <summary>What a row holds for a blob: the blob, or a reference when it is so large that it is a file, which is on disk then.</summary>
    public byte[] Stored(byte[] blob) => blob.Length > fileBytes ? PayloadReference.Of(Store(blob)) : blob;

    /// <returns>The file's name.</returns>
    private string Store(ReadOnlySpan<byte> blob)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(blob));
        var path = Path.Combine(engineDirectory, RelativePath(name));
        if (!File.Exists(path))
        {
            _durable.MakeFolder(Path.GetDirectoryName(path)!);
            _durable.Write(path, blob);
            atPoint?.Invoke(CommitPoint.AfterPayloadFile);
        }
        return name;
    }

    /// <exception cref="EngineStoreException">The file is not there.</exception>
    public byte[] Read(string name) => Find(name)
        ?? throw new EngineStoreException($"The payload file {RelativePath(name)} of {engineDirectory} is missing. Put the folder {FolderName} of a backup in its place.", 0) { MissingFile = true };

    /// <returns>Null for a file that is not there, or not any more.</returns>
    public byte[]? Find(string name)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(engineDirectory, RelativePath(name)));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The names of all files, those of broken-off writes included.</summary>
    public IEnumerable<string> Names() => Directory.Exists(_folder) ? Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path)!).Where(name => name.Length >= NameLength) : [];

    /// <returns>False when the operating system does not let it go now.</returns>
    public bool TryDelete(string name)
    {
        try
        {
            Delete(name);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error is DirectoryNotFoundException;
        }
    }

    public void Delete(string name) => File.Delete(Path.Combine(engineDirectory, RelativePath(name)));

    /// <summary>Keeps files from being collected while a backup reads them, in whatever process.</summary>
    /// <exception cref="IOException">Files are being collected just now.</exception>
    public static IDisposable Hold(string engineDirectory) => new FileStream(Path.Combine(engineDirectory, LockName), FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);

    /// <summary>Null while a backup holds the files.</summary>
    public IDisposable? TryLockForCollection()
    {
        try
        {
            return new FileStream(Path.Combine(engineDirectory, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
