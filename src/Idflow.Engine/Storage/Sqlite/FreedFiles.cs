using Idflow.Engine.Storage.Payloads;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>
/// Payload files that a row has ceased to name: triggers note their names in the transaction that does it. Once that is on disk, those that no
/// row names are removed. Whatever happens in between, the note stays until a later transaction takes it away.
/// </summary>
/// <param name="database">The writing connection: while its holder is here, no commit can name a file.</param>
internal sealed class FreedFiles(Database database, PayloadFiles files)
{
    /// <summary>Most files looked at after one transaction.</summary>
    private const int Batch = 64;

    private readonly List<string> _done = [];
    private List<string> _freed = [];

    /// <summary>In a transaction, before anything else: takes away the notes that have been dealt with.</summary>
    public void Strike() => _done.ForEach(name => database.Sql("DELETE FROM payload_freed WHERE name = ?").Bind(name).Run());

    /// <summary>In a transaction, after everything else: finds what it and those before it have left.</summary>
    public void Find()
    {
        _done.Clear();
        _freed = database.Sql("SELECT name FROM payload_freed LIMIT ?").Bind(Batch).Rows(row => row.Text(0)!);
    }

    /// <summary>After a transaction that is on disk.</summary>
    public void Remove()
    {
        if (_freed.Count == 0)
        {
            return;
        }

        using var held = files.TryLockForCollection();
        if (held is null)
        {
            return;
        }
        foreach (var name in _freed)
        {
            if (IsNamed(name) || files.TryDelete(name))
            {
                _done.Add(name);
            }
        }
    }

    private bool IsNamed(string name) => IsNamed("workflow_payload", name) || IsNamed("task_payload", name);

    /// <summary>The condition is that of the table's index of references.</summary>
    private bool IsNamed(string table, string name) =>
        database.Sql($"SELECT EXISTS (SELECT 1 FROM {table} WHERE substr(data, 1, 1) = x'F1' AND data = ?)").Bind(PayloadReference.Of(name)).First(row => row.Number(0)) > 0;
}
