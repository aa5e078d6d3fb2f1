using Idflow.Documents.Model;
using Microsoft.Data.Sqlite;

namespace Idflow.Documents.Index;

/// <summary>
/// An open write transaction of the index; disposing it without <see cref="Commit"/> takes everything back. The texts of a document have
/// the row numbers from its own number times 2^20 on, so that they are found without an index of their own.
/// </summary>
internal sealed class IndexWriter : IDisposable
{
    private const int TextsPerDocument = 1 << 20;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _update;
    private readonly SqliteCommand _delete;
    private readonly SqliteCommand _insertText;
    private readonly SqliteCommand _deleteTexts;
    private bool _isOpen = true;

    public IndexWriter(SqliteConnection connection)
    {
        _connection = connection;
        _find = Prepare("SELECT number FROM documents WHERE status = $status AND id = $id", "$status", "$id");
        _insert = Prepare(
            "INSERT INTO documents (status, id, fingerprint, properties, details) VALUES ($status, $id, $fingerprint, $properties, $details) RETURNING number",
            "$status", "$id", "$fingerprint", "$properties", "$details");
        _update = Prepare(
            "UPDATE documents SET fingerprint = $fingerprint, properties = $properties, details = $details WHERE number = $number",
            "$fingerprint", "$properties", "$details", "$number");
        _delete = Prepare("DELETE FROM documents WHERE number = $number", "$number");
        _insertText = Prepare("INSERT INTO texts (rowid, text, result) VALUES ($number, $text, $result)", "$number", "$text", "$result");
        _deleteTexts = Prepare("DELETE FROM texts WHERE rowid >= $from AND rowid < $to", "$from", "$to");
    }

    /// <summary>Adds the document or replaces it, with its texts.</summary>
    public void Put(IndexedFolder folder)
    {
        var document = folder.Document;
        var fingerprint = (long)document.Fingerprint;
        var details = DetailCodec.Encode(document.Details);
        var number = Find(document.Status, document.Id);
        if (number is { } known)
        {
            Run(_update, fingerprint, document.Properties, details, known);
            DeleteTexts(known);
        }
        else
        {
            Set(_insert, (int)document.Status, document.Id, fingerprint, document.Properties, details);
            number = (long)_insert.ExecuteScalar()!;
        }

        for (var i = 0; i < Math.Min(folder.Texts.Count, TextsPerDocument); i++)
        {
            Run(_insertText, (number * TextsPerDocument) + i, folder.Texts[i].Text, folder.Texts[i].Result);
        }
    }

    public void Remove(DocumentStatus status, string id)
    {
        if (Find(status, id) is { } number)
        {
            Run(_delete, number);
            DeleteTexts(number);
        }
    }

    public void Commit()
    {
        Execute("COMMIT");
        _isOpen = false;
    }

    public void Dispose()
    {
        foreach (var command in (SqliteCommand[])[_find, _insert, _update, _delete, _insertText, _deleteTexts])
        {
            command.Dispose();
        }

        if (_isOpen)
        {
            Execute("ROLLBACK");
        }
    }

    private long? Find(DocumentStatus status, string id)
    {
        Set(_find, (int)status, id);
        return (long?)_find.ExecuteScalar();
    }

    private void DeleteTexts(long number) => Run(_deleteTexts, number * TextsPerDocument, (number + 1) * TextsPerDocument);

    private SqliteCommand Prepare(string sql, params string[] parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    private static void Run(SqliteCommand command, params object?[] values)
    {
        Set(command, values);
        command.ExecuteNonQuery();
    }

    private static void Set(SqliteCommand command, params object?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
