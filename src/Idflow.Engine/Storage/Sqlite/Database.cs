using System.Globalization;
using SQLitePCL;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class Database : IDisposable
{
    /// <summary>Statements kept; searches make new ones.</summary>
    private const int KeptStatements = 200;

    private const int BusyMilliseconds = 5_000;

    private readonly sqlite3 _handle;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    static Database() => Batteries_V2.Init();

    private Database(string path, sqlite3 handle)
    {
        Path = path;
        _handle = handle;
    }

    public string Path { get; }

    /// <summary>For the one writer: creates the file, WAL, and every commit on disk before it is answered.</summary>
    /// <param name="check">Looks at the file before anything in it is changed.</param>
    public static Database OpenWriter(string path, Action<Database>? check = null)
    {
        var database = Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        try
        {
            check?.Invoke(database);
            database.Execute("PRAGMA auto_vacuum = INCREMENTAL");
            database.Execute("PRAGMA journal_mode = WAL");
            database.Execute("PRAGMA synchronous = FULL");
            database.Execute("PRAGMA journal_size_limit = 67108864");
            database.Execute("PRAGMA cache_size = -32768");
            database.Execute("PRAGMA temp_store = MEMORY");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public static Database OpenReader(string path)
    {
        var database = OpenForCopy(path);
        database.Execute("PRAGMA query_only = ON");
        return database;
    }

    /// <summary>As a reader, but able to fill another file.</summary>
    public static Database OpenForCopy(string path)
    {
        var database = Open(path, raw.SQLITE_OPEN_READWRITE);
        database.Execute("PRAGMA temp_store = MEMORY");
        return database;
    }

    private static Database Open(string path, int flags)
    {
        var code = raw.sqlite3_open_v2(path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        var database = new Database(path, handle);
        if (code != raw.SQLITE_OK)
        {
            var failure = database.Failure(code);
            database.Dispose();
            throw failure;
        }

        _ = raw.sqlite3_busy_timeout(handle, BusyMilliseconds);
        return database;
    }

    /// <summary>The statement of that text, prepared once.</summary>
    public Statement Sql(string text)
    {
        if (_statements.TryGetValue(text, out var known))
        {
            return known;
        }

        if (_statements.Count >= KeptStatements)
        {
            DisposeStatements();
        }

        var code = raw.sqlite3_prepare_v3(_handle, text, raw.SQLITE_PREPARE_PERSISTENT, out var handle);
        return code == raw.SQLITE_OK ? _statements[text] = new(this, handle) : throw Failure(code);
    }

    /// <summary>Runs several statements without parameters.</summary>
    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(_handle, sql);
        if (code != raw.SQLITE_OK)
        {
            throw Failure(code);
        }
    }

    /// <param name="bytes">0 = no limit.</param>
    public void LimitSize(long bytes)
    {
        if (bytes > 0)
        {
            var page = Sql("PRAGMA page_size").First(row => row.Number(0));
            Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {Math.Max(1, bytes / page)}"));
        }
    }

    /// <summary>Rows that the last statement changed.</summary>
    public int ChangedRows => raw.sqlite3_changes(_handle);

    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    public EngineStoreException Failure(int code) => EngineStoreException.For(code, raw.sqlite3_errmsg(_handle).utf8_to_string(), Path);

    public void Dispose()
    {
        DisposeStatements();
        _handle.Dispose();
    }

    private void DisposeStatements()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
    }
}
