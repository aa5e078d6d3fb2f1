using SQLitePCL;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>A prepared statement: bind, then run or read; it is ready again afterwards. Used by one thread at a time.</summary>
internal sealed class Statement(Database database, sqlite3_stmt handle) : IDisposable
{
    private int _bound;

    public Statement Bind(string? value) => Checked(value is null ? raw.sqlite3_bind_null(handle, ++_bound) : raw.sqlite3_bind_text(handle, ++_bound, value));

    public Statement Bind(long value) => Checked(raw.sqlite3_bind_int64(handle, ++_bound, value));

    public Statement Bind(double value) => Checked(raw.sqlite3_bind_double(handle, ++_bound, value));

    public Statement Bind(bool value) => Bind(value ? 1L : 0L);

    public Statement Bind(ReadOnlySpan<byte> value) => Checked(raw.sqlite3_bind_blob(handle, ++_bound, value));

    /// <summary>A blob without bytes, which is not null.</summary>
    public Statement BindEmptyBlob() => Checked(raw.sqlite3_bind_zeroblob(handle, ++_bound, 0));

    public string? Text(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_text(handle, column).utf8_to_string();

    public long Number(int column) => raw.sqlite3_column_int64(handle, column);

    /// <summary>Empty for null; valid until the next row.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    public void Run() => ForEach(_ => true);

    public List<T> Rows<T>(Func<Statement, T> read)
    {
        List<T> rows = [];
        ForEach(row =>
        {
            rows.Add(read(row));
            return true;
        });
        return rows;
    }

    /// <summary>The first row; default when there is none.</summary>
    public T? First<T>(Func<Statement, T> read)
    {
        T? first = default;
        ForEach(row =>
        {
            first = read(row);
            return false;
        });
        return first;
    }

    /// <param name="row">Answers whether to go on.</param>
    public void ForEach(Func<Statement, bool> row)
    {
        try
        {
            for (var code = raw.sqlite3_step(handle); code != raw.SQLITE_DONE; code = raw.sqlite3_step(handle))
            {
                if (code != raw.SQLITE_ROW)
                {
                    throw database.Failure(code);
                }

                if (!row(this))
                {
                    return;
                }
            }
        }
        finally
        {
            _ = raw.sqlite3_reset(handle);
            _ = raw.sqlite3_clear_bindings(handle);
            _bound = 0;
        }
    }

    public void Dispose() => handle.Dispose();

    private Statement Checked(int code) => code == raw.SQLITE_OK ? this : throw database.Failure(code);
}
