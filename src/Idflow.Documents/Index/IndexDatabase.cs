using Idflow.Documents.Model;
using Microsoft.Data.Sqlite;

namespace Idflow.Documents.Index;

/// <summary>The SQLite file behind the index. One connection, used by one thread at a time; errors are <see cref="SqliteException"/>.</summary>
internal sealed class IndexDatabase : IDisposable
{
    /// <summary>Raise it whenever the tables or what stands in them changes: a file of another version is made anew.</summary>
    private const int SchemaVersion = 2;

    /// <summary>Characters from which on a text's snippet begins at its first hit instead of the place with most hits.</summary>
    private const int LongText = 50_000;

    private const string Schema = $"""
        CREATE TABLE documents (
            number INTEGER PRIMARY KEY, status INTEGER NOT NULL, id TEXT NOT NULL, fingerprint INTEGER NOT NULL,
            properties BLOB, details BLOB, UNIQUE (status, id));
        CREATE VIRTUAL TABLE texts USING fts5 (text, result UNINDEXED, tokenize = 'unicode61 remove_diacritics 2');
        """;

    private readonly SqliteConnection _connection;

    private IndexDatabase(SqliteConnection connection) => _connection = connection;

    /// <summary>Grows when another connection has changed the file.</summary>
    public long OthersVersion => (long)Command("PRAGMA data_version").ExecuteScalar()!;

    /// <exception cref="SqliteException">The file is damaged or of another version, or cannot be opened.</exception>
    public static IndexDatabase Open(string path)
    {
        var builder = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 };
        var connection = new SqliteConnection(builder.ToString());
        try
        {
            connection.Open();
            var database = new IndexDatabase(connection);
            database.Prepare();
            return database;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public IEnumerable<IndexedDocument> Load()
    {
        using var command = Command("SELECT status, id, fingerprint, properties, details FROM documents");
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return new IndexedDocument
            {
                Status = Enum.IsDefined((DocumentStatus)rows.GetInt32(0)) ? (DocumentStatus)rows.GetInt32(0) : throw new InvalidDataException("a row has no known status"),
                Id = rows.GetString(1),
                Fingerprint = (ulong)rows.GetInt64(2),
                Properties = Checked(rows, 3),
                Details = rows.IsDBNull(4) ? DocumentDetails.None : DetailCodec.Decode(rows.GetFieldValue<byte[]>(4)),
            };
        }
    }

    /// <summary>Takes the write lock; null when another process holds it for longer than the wait.</summary>
    public IndexWriter? TryBeginWrite(TimeSpan wait)
    {
        using var begin = Command("BEGIN IMMEDIATE");
        begin.CommandTimeout = Math.Max(1, (int)wait.TotalSeconds);
        try
        {
            begin.ExecuteNonQuery();
            return new IndexWriter(_connection);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED)
        {
            return null;
        }
    }

    /// <summary>The best hits of a full-text expression (see <see cref="SearchWords"/>), best first.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="limit">Most hits.</param>
    /// <param name="cut">Makes the snippet of a long text: SQLite's own compares every occurrence with every other, which has no end in a text that is full of a word.</param>
    public IReadOnlyList<SearchHit> Search(string expression, int limit, Func<string, string> cut)
    {
        using var command = Command("""
            SELECT documents.id, hits.result, hits.snippet, hits.isLong, hits.score FROM (
                SELECT rowid, result, rank AS score, length(text) > $long AS isLong,
                    CASE WHEN length(text) > $long THEN text ELSE snippet(texts, 0, '', '', ' … ', 24) END AS snippet
                FROM texts WHERE texts MATCH $expression ORDER BY rank LIMIT $limit) AS hits
            JOIN documents ON documents.number = hits.rowid >> 20 ORDER BY hits.score, documents.id, hits.result
            """);
        command.Parameters.AddWithValue("$expression", expression);
        command.Parameters.AddWithValue("$limit", limit);
        command.Parameters.AddWithValue("$long", LongText);
        using var rows = command.ExecuteReader();
        var found = new List<SearchHit>();
        while (rows.Read())
        {
            var text = rows.GetString(2);
            found.Add(new SearchHit(rows.GetString(0), rows.IsDBNull(1) ? null : rows.GetString(1), rows.GetBoolean(3) ? cut(text) : text, -rows.GetDouble(4)));
        }

        return found;
    }

    public void Dispose() => _connection.Dispose();

    private static byte[]? Checked(SqliteDataReader rows, int column)
    {
        if (rows.IsDBNull(column))
        {
            return null;
        }

        var bytes = rows.GetFieldValue<byte[]>(column);
        Checksum.Require(bytes);
        return bytes;
    }

    private void Prepare()
    {
        Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY");
        if (Version() == SchemaVersion)
        {
            return;
        }

        Run("BEGIN IMMEDIATE");
        var version = Version();
        if (version == 0)
        {
            Run($"{Schema}; PRAGMA user_version = {SchemaVersion}");
        }

        Run("COMMIT");
        if (version is not (0 or SchemaVersion))
        {
            throw new SqliteException($"the index is of version {version}", SQLitePCL.raw.SQLITE_SCHEMA);
        }
    }

    private long Version() => (long)Command("PRAGMA user_version").ExecuteScalar()!;

    private void Run(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
