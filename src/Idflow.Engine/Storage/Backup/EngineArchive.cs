using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Engine.Storage.Payloads;
using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Engine.Storage.Backup;

/// <summary>
/// A backup as one file: a ZIP archive with <c>manifest.json</c>, <c>engine.db</c>, and the payload files and uploads that belong to it, each as in the engine's folder.
/// </summary>
internal static class EngineArchive
{
    public const string ManifestName = "manifest.json";
    private const string Kind = "idflow engine backup";
    private const int Format = 1;

    /// <summary>What belongs to an engine, as names in its folder; everything else there is of the moment.</summary>
    public static readonly string[] Parts = [SqliteEngineStore.FileName, PayloadFiles.FolderName, PayloadUploads.FolderName];

    public static void Write(Stream target, string engineDirectory, string database, IEnumerable<string> payloadFiles, DateTimeOffset time)
    {
        using var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
        zip.CreateEntryFromFile(database, SqliteEngineStore.FileName, CompressionLevel.Fastest);
        var count = 0;
        foreach (var name in payloadFiles)
        {
            zip.CreateEntryFromFile(Path.Combine(engineDirectory, PayloadFiles.RelativePath(name)), PayloadFiles.RelativePath(name).Replace('\\', '/'), CompressionLevel.Fastest);
            count++;
        }
        var uploads = Path.Combine(engineDirectory, PayloadUploads.FolderName);
        foreach (var file in Directory.Exists(uploads) ? Directory.GetFiles(uploads) : [])
        {
            if (ReadIfThere(file) is { } content)
            {
                using var entry = zip.CreateEntry($"{PayloadUploads.FolderName}/{Path.GetFileName(file)}", CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        }
        using var manifest = zip.CreateEntry(ManifestName).Open();
        JsonSerializer.Serialize(manifest, new JsonObject { ["kind"] = Kind, ["format"] = Format, ["created"] = time.ToString("O"), ["payloadFiles"] = count });
    }

    /// <summary>An upload whose time is over may go at any moment.</summary>
    private static byte[]? ReadIfThere(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Unpacks a backup into a new folder; every file is on disk when this returns.</summary>
    /// <exception cref="IOException">It is no backup, of a newer form, or broken.</exception>
    public static void Unpack(string archive, string folder, DurableFile durable)
    {
        try
        {
            using var zip = ZipFile.OpenRead(archive);
            CheckManifest(zip, archive);
            foreach (var entry in zip.Entries.Where(entry => entry.FullName != ManifestName))
            {
                var path = Path.GetFullPath(Path.Combine(folder, entry.FullName));
                if (!Parts.Contains(entry.FullName.Split('/')[0]) || !path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                {
                    throw new IOException($"{archive} holds {entry.FullName}, which is no part of a backup; nothing was changed.");
                }
                durable.MakeFolder(Path.GetDirectoryName(path)!);
                entry.ExtractToFile(path);
                durable.Sync(path);
            }
            foreach (var unpacked in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Append(folder))
            {
                durable.SyncFolder(unpacked);
            }
        }
        catch (InvalidDataException broken)
        {
            throw new IOException($"{archive} is not a backup of an engine, or is damaged ({broken.Message}); nothing was changed.", broken);
        }
    }

    private static void CheckManifest(ZipArchive zip, string archive)
    {
        JsonNode? manifest = null;
        if (zip.GetEntry(ManifestName) is { } entry)
        {
            using var stream = entry.Open();
            manifest = JsonNode.Parse(stream);
        }
        if ((string?)manifest?["kind"] != Kind || zip.GetEntry(SqliteEngineStore.FileName) is null)
        {
            throw new IOException($"{archive} is not a backup of an engine; nothing was changed.");
        }
        if ((int?)manifest["format"] > Format)
        {
            throw new IOException($"{archive} was made by a newer version (form {manifest["format"]}, this one knows {Format}); update idflow.");
        }
    }
}
