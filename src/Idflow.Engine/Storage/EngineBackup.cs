using System.Security.Cryptography;
using Idflow.Engine.Ownership;
using Idflow.Engine.Storage.Backup;
using Idflow.Engine.Storage.Payloads;
using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Engine.Storage;

/// <summary>Backups of an engine, taken while the engine of this or another process goes on, and their return.</summary>
public static class EngineBackup
{
    private static readonly TimeSpan PatienceWithCollection = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Saves an engine as it is at one instant, with its payload files, as one file. The file is complete and on disk before it gets its name.
    /// </summary>
    /// <param name="engineDirectory">The folder of the engine (<see cref="EngineOptions.Directory"/>).</param>
    /// <param name="target">The new file; its folder is made when it is not there.</param>
    /// <exception cref="IOException">There is no engine in the folder, the target is there already, or one of them cannot be used.</exception>
    public static Task SaveAsync(string engineDirectory, string target, TimeProvider time, CancellationToken cancellationToken = default) =>
        SaveAsync(engineDirectory, target, time, DiskFlush.Instance, cancellationToken);

    internal static async Task SaveAsync(string engineDirectory, string target, TimeProvider time, IDiskFlush disk, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (RestoreSwap.IsUnderWay(engineDirectory))
        {
            throw new IOException($"A restore into {engineDirectory} was broken off. Open the engine once (idflow run) to finish it, then take the backup.");
        }
        var durable = new DurableFile(disk);
        CheckTarget(target);
        var folder = Path.GetDirectoryName(Path.GetFullPath(target))!;
        var (database, unfinished) = (Path.Combine(folder, $".{Path.GetFileName(target)}.db"), Path.Combine(folder, $".{Path.GetFileName(target)}{DurableFile.Unfinished}"));

        // Until the archive is written no payload file may go: the database names them as it was.
        using var held = await HoldAsync(engineDirectory, time, cancellationToken).ConfigureAwait(false);
        try
        {
            File.Delete(database);
            Copy(engineDirectory, database, disk);
            await using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            {
                EngineArchive.Write(file, engineDirectory, database, PayloadFilesOf(database), time.GetUtcNow());
                durable.Sync(file);
            }
            durable.Name(unfinished, target, overwrite: false);
        }
        finally
        {
            DeleteDatabase(database);
            File.Delete(unfinished);
        }
    }

    /// <summary>
    /// Puts a backup in the place of an engine's data. What was there is kept in the folder <c>replaced</c> until the next restore. Broken off anywhere, it has
    /// happened or it has not: the next opening of the engine finishes it.
    /// </summary>
    /// <exception cref="EngineInUseException">A process owns the engine.</exception>
    /// <exception cref="IOException">The backup cannot be read, or is damaged; nothing was changed.</exception>
    /// <exception cref="EngineStoreException">Its database is damaged or of a newer version; nothing was changed.</exception>
    public static Task RestoreAsync(string backup, string engineDirectory, TimeProvider time, CancellationToken cancellationToken = default) =>
        RestoreAsync(backup, engineDirectory, time, DiskFlush.Instance, cancellationToken);

    internal static async Task RestoreAsync(string backup, string engineDirectory, TimeProvider time, IDiskFlush disk, CancellationToken cancellationToken = default)
    {
        if (!File.Exists(backup))
        {
            throw new FileNotFoundException($"There is no backup {backup}.", backup);
        }
        var durable = new DurableFile(disk);
        var directory = Path.GetFullPath(engineDirectory);
        using var ownership = await EngineOwnership.TakeAsync(directory, time, cancellationToken).ConfigureAwait(false);
        RestoreSwap.Finish(directory, durable);
        var staging = Path.Combine(directory, RestoreSwap.StagingName);
        try
        {
            durable.MakeFolder(staging);
            EngineArchive.Unpack(backup, staging, durable);
            Check(staging, backup, durable);
        }
        catch
        {
            RestoreSwap.Finish(directory, durable);
            throw;
        }
        RestoreSwap.Begin(directory, durable);
    }

    /// <summary>Copies the database alone, as it is at one instant. The copy is complete and on disk before it gets its name.</summary>
    /// <param name="engineDirectory">The folder of the engine (<see cref="EngineOptions.Directory"/>).</param>
    /// <param name="target">The new file; its folder is made when it is not there.</param>
    /// <exception cref="IOException">There is no engine in the folder, the target is there already, or one of them cannot be used.</exception>
    public static void Copy(string engineDirectory, string target) => Copy(engineDirectory, target, DiskFlush.Instance);

    private static void Copy(string engineDirectory, string target, IDiskFlush disk)
    {
        var durable = new DurableFile(disk);
        var source = Path.Combine(engineDirectory, SqliteEngineStore.FileName);
        if (!File.Exists(source))
        {
            throw new FileNotFoundException($"There is no engine in {engineDirectory}: {SqliteEngineStore.FileName} is missing.", source);
        }
        CheckTarget(target);
        var unfinished = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(target))!, $".{Path.GetFileName(target)}{DurableFile.Unfinished}");
        File.Delete(unfinished);
        try
        {
            CopyInto(source, unfinished);
            durable.Sync(unfinished);
            durable.Name(unfinished, target, overwrite: false);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static void CheckTarget(string target)
    {
        if (File.Exists(target) || Directory.Exists(target))
        {
            throw new IOException($"{target} is there already; name a new file.");
        }
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
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

    private static HashSet<string> PayloadFilesOf(string database)
    {
        using var copy = Database.OpenReader(database);
        return new StoreReader(copy, null).PayloadFileNames();
    }

    /// <summary>A collection takes a moment; a backup waits for it.</summary>
    private static async Task<IDisposable> HoldAsync(string engineDirectory, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(engineDirectory, SqliteEngineStore.FileName)))
        {
            throw new FileNotFoundException($"There is no engine in {engineDirectory}: {SqliteEngineStore.FileName} is missing.");
        }
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return PayloadFiles.Hold(engineDirectory);
            }
            catch (IOException) when (time.GetElapsedTime(start) < PatienceWithCollection)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static void Check(string folder, string backup, DurableFile durable)
    {
        var path = Path.Combine(folder, SqliteEngineStore.FileName);
        using (var database = Database.OpenReader(path))
        {
            Schema.Check(database);
            if (database.Sql("PRAGMA integrity_check").Rows(row => row.Text(0)!) is var found && found is not ["ok"])
            {
                throw new IOException($"The database in {backup} is damaged ({found.FirstOrDefault()}); nothing was changed.");
            }
            foreach (var name in new StoreReader(database, null).PayloadFileNames())
            {
                var file = Path.Combine(folder, PayloadFiles.RelativePath(name));
                if (!File.Exists(file) || Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))) != name)
                {
                    throw new IOException($"The payload file {name} in {backup} is missing or damaged; nothing was changed.");
                }
            }
        }
        foreach (var beside in Directory.GetFiles(folder, SqliteEngineStore.FileName + "-*"))
        {
            File.Delete(beside);
        }
        durable.SyncFolder(folder);
    }

    private static void DeleteDatabase(string path)
    {
        foreach (var file in (string[])[path, path + "-wal", path + "-shm", path + "-journal"])
        {
            File.Delete(file);
        }
    }
}
