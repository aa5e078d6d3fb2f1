using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Idflow.Documents.Index;

/// <summary>
/// Where the database of the index is: a file in the cache folder, made anew when it is damaged or of another version, and a database
/// in memory where no file can be had. So the index never fails because of its file.
/// </summary>
internal sealed class IndexFile(string? folder, ILogger logger)
{
    private const string Name = "documents.db";

    private bool _mayReplace = true;
    private bool _isUsable = folder is not null;

    public bool IsInMemory => !_isUsable;

    public IndexDatabase Open()
    {
        while (_isUsable)
        {
            try
            {
                Directory.CreateDirectory(folder!);
                using var opening = Lock();
                return IndexDatabase.Open(Path.Combine(folder!, Name));
            }
            catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
            {
                Recover(error);
            }
        }

        return IndexDatabase.Open(":memory:");
    }

    /// <summary>After an error of the open database, which must be closed: decides what the next <see cref="Open"/> gives.</summary>
    public void Recover(Exception error)
    {
        if (!_mayReplace || !IsDamage(error) || !TryDelete())
        {
            logger.LogWarning("The index in {Folder} cannot be used ({Reason}); this process keeps one in memory instead.", folder, error.Message);
            _isUsable = false;
            return;
        }

        logger.LogInformation("The index in {Folder} is made anew ({Reason}).", folder, error.Message);
        _mayReplace = false;
    }

    /// <summary>Not when the file is only busy, full or may not be written: then it is good for other processes.</summary>
    private static bool IsDamage(Exception error) => error is not (IOException or UnauthorizedAccessException)
        && (error as SqliteException)?.SqliteErrorCode is not (SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED or SQLitePCL.raw.SQLITE_FULL
            or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PERM);

    private bool TryDelete()
    {
        try
        {
            using var deleting = Lock();
            foreach (var suffix in (string[])["", "-wal", "-shm"])
            {
                File.Delete(Path.Combine(folder!, Name + suffix));
            }

            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Nobody opens the file while somebody deletes it.</summary>
    private FileStream Lock()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(Path.Combine(folder!, Name + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 200)
            {
                Thread.Sleep(10);
            }
        }
    }
}
