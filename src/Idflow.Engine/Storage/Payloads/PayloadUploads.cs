using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Engine.Storage.Payloads;

/// <summary>Payloads that clients have uploaded, until their time is over: files beside the database, or in memory where the engine is.</summary>
internal sealed class PayloadUploads(string? engineDirectory, TimeProvider time, IDiskFlush? disk = null)
{
    public const string FolderName = "uploads";

    private readonly ConcurrentDictionary<string, (byte[] Blob, DateTimeOffset Since)> _memory = new();
    private readonly string? _folder = engineDirectory is null ? null : Path.Combine(engineDirectory, FolderName);
    private readonly DurableFile _durable = new(disk ?? DiskFlush.Instance);

    public int Count => _folder is null ? _memory.Count : Files().Count();

    public void Put(string path, JsonObject payload)
    {
        var blob = RowCodec.Encode(payload);
        if (_folder is null)
        {
            _memory[path] = (blob, time.GetUtcNow());
            return;
        }
        _durable.MakeFolder(_folder);
        var file = FileOf(_folder, path);
        _durable.Write(file, blob);
        File.SetLastWriteTimeUtc(file, time.GetUtcNow().UtcDateTime);
    }

    public JsonObject? Find(string path)
    {
        if (_folder is null)
        {
            return _memory.TryGetValue(path, out var held) ? RowCodec.DecodePayload(held.Blob) : null;
        }
        try
        {
            return RowCodec.DecodePayload(File.ReadAllBytes(FileOf(_folder, path)));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Drops those that have waited too long.</summary>
    public void Sweep(TimeSpan lifetime)
    {
        var oldest = time.GetUtcNow() - lifetime;
        foreach (var (path, held) in _memory)
        {
            if (held.Since <= oldest)
            {
                _memory.TryRemove(path, out _);
            }
        }
        foreach (var file in Files())
        {
            if (File.GetLastWriteTimeUtc(file) <= oldest.UtcDateTime)
            {
                File.Delete(file);
            }
        }
    }

    private IEnumerable<string> Files() => _folder is not null && Directory.Exists(_folder) ? Directory.EnumerateFiles(_folder) : [];

    /// <summary>Clients choose paths: a name made of the path's hash leads nowhere else.</summary>
    private static string FileOf(string folder, string path) => Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path))));
}
