using System.IO.Compression;
using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Durability.Tests.Migrations;

/// <summary>A folder with a copy of a kept database in it.</summary>
internal sealed class StoredEngine : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idflow-stored-");

    public StoredEngine(string file)
    {
        using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var target = File.Create(DatabasePath);
        packed.CopyTo(target);
    }

    public static IEnumerable<string> Files => Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Data"), "schema-*.db.gz");

    public string Folder => _folder.FullName;

    public string DatabasePath => Path.Combine(Folder, SqliteEngineStore.FileName);

    public void Dispose() => _folder.Delete(recursive: true);
}
