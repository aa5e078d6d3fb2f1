using SQLitePCL;

namespace Idflow.Engine.Storage;

/// <summary>What the engine's database could not do, and what mends it.</summary>
public sealed class EngineStoreException : Exception
{
    internal EngineStoreException(string message, int code)
        : base(message) => Code = code;

    /// <summary>SQLite's primary result code.</summary>
    public int Code { get; }

    /// <summary>A payload's file is not there, or not any more.</summary>
    internal bool MissingFile { get; init; }

    /// <summary>The file itself is damaged; a repetition does not help.</summary>
    public bool IsCorrupt => Code is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>Not of what is stored, but of the disk, the file system or the memory: the same may succeed later.</summary>
    public bool IsPassing => Code is raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_NOMEM or raw.SQLITE_BUSY or raw.SQLITE_LOCKED
        or raw.SQLITE_FULL or raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH or raw.SQLITE_PROTOCOL;

    /// <summary>The connection is not to be trusted any more.</summary>
    internal bool NeedsReopen => Code is raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_NOMEM or raw.SQLITE_READONLY;

    internal static EngineStoreException For(int code, string detail, string path) => new(Text(code & 0xff, detail, path), code & 0xff);

    private static string Text(int code, string detail, string path) => code switch
    {
        raw.SQLITE_FULL => $"The disk that holds {path} is full; nothing of the last change was kept. Free some space and repeat.",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => $"The engine's database {path} is damaged ({detail}). Stop the engine and put a backup in its place, or move the file away to begin with an empty engine.",
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => $"The engine's database {path} may not be written ({detail}). Check the permissions of the file and its folder.",
        raw.SQLITE_CANTOPEN => $"The engine's database {path} cannot be opened ({detail}). Check that its folder exists and may be written.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"The engine's database {path} is in use by another process.",
        raw.SQLITE_IOERR => $"The disk failed at the engine's database {path} ({detail}).",
        _ => $"The engine's database {path} refused: {detail}.",
    };
}
