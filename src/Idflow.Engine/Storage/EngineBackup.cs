using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Engine.Storage;

/// <summary>Copies of an engine's database, taken while the engine of this or another process goes on.</summary>
public static class EngineBackup
{
    /// <summary>
    /// Copies the database as it is at one instant. The copy is complete and on disk before it gets its name. To restore it, stop
    /// the engine and put the file in place of <c>engine.db</c> (and delete <c>engine.db-wal</c> and <c>engine.db-shm</c>).
    /// </summary>
    /// <param name="engineDirectory">The folder of the engine (<see cref="EngineOptions.Directory"/>).</param>
    /// <param name="target">The new file; its folder is made when it is not there.</param>
    /// <exception cref="IOException">There is no engine in the folder, the target is there already, or one of them cannot be used.</exception>
    public static void Copy(string engineDirectory, string target)
    {
        var source = Path.Combine(engineDirectory, SqliteEngineStore.FileName);
        if (!File.Exists(source))
        {
            throw new FileNotFoundException($"There is no engine in {engineDirectory}: {SqliteEngineStore.FileName} is missing.", source);
        }

        if (File.Exists(target))
        {
            throw new IOException($"{target} is there already; name a new file.");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(target))!;
        Directory.CreateDirectory(folder);
        var unfinished = Path.Combine(folder, $".{Path.GetFileName(target)}.unfinished");
        File.Delete(unfinished);
        try
        {
            CopyInto(source, unfinished);
            using (var file = File.OpenHandle(unfinished, FileMode.Open, FileAccess.ReadWrite))
            {
                RandomAccess.FlushToDisk(file);
            }

            File.Move(unfinished, target);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static void CopyInto(string source, string target)
    {
        try
        {
            using var database = Database.OpenForCopy(source);
            database.Sql("VACUUM INTO ?").Bind(target).Run();
        }
        catch (EngineStoreException error)
        {
            throw new IOException(error.Message, error);
        }
    }
}
