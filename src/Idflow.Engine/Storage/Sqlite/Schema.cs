using System.Globalization;
using Idflow.Engine.Definitions;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>
/// The tables, by version. The columns of a workflow or task that can be searched stand beside <c>state</c>, which holds the rest. Small
/// payloads are columns too; one that is null there is in the table of payloads, or empty. <c>task.open</c> is 1 until the task has ended: an
/// index by it need not follow each change of a status.
/// </summary>
internal static class Schema
{
    /// <summary>"idfw": how a file shows that it is an engine's database.</summary>
    private const int ApplicationId = 0x69646677;

    /// <summary>Version n is reached by running entry n-1 on version n-1; entries are never changed once released.</summary>
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE workflow (
          seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, version INTEGER NOT NULL, status TEXT NOT NULL,
          correlation TEXT, idempotency TEXT, parent TEXT, priority INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
          ended INTEGER NOT NULL, archived INTEGER NOT NULL, reason TEXT, state BLOB NOT NULL);
        CREATE INDEX workflow_name ON workflow (name, created);
        CREATE INDEX workflow_created ON workflow (created);
        CREATE INDEX workflow_ended ON workflow (ended);
        CREATE INDEX workflow_status ON workflow (status, created);
        CREATE INDEX workflow_correlation ON workflow (correlation) WHERE correlation IS NOT NULL;
        CREATE INDEX workflow_idempotency ON workflow (name, idempotency) WHERE idempotency IS NOT NULL;
        CREATE INDEX workflow_parent ON workflow (parent) WHERE parent IS NOT NULL;
        CREATE TABLE workflow_payload (owner INTEGER NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (owner, part)) WITHOUT ROWID;

        CREATE TABLE task (
          seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, workflow TEXT NOT NULL, position INTEGER NOT NULL, type TEXT NOT NULL, definition TEXT NOT NULL,
          workflow_name TEXT NOT NULL, status TEXT NOT NULL, scheduled INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER NOT NULL,
          updated INTEGER NOT NULL, reason TEXT, state BLOB NOT NULL);
        CREATE INDEX task_workflow ON task (workflow, position);
        CREATE INDEX task_type ON task (type, scheduled);
        CREATE INDEX task_scheduled ON task (scheduled);
        CREATE TABLE task_payload (owner INTEGER NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (owner, part)) WITHOUT ROWID;
        CREATE TABLE task_log (seq INTEGER PRIMARY KEY, task TEXT NOT NULL, workflow TEXT NOT NULL, created INTEGER NOT NULL, line TEXT NOT NULL);
        CREATE INDEX task_log_task ON task_log (task);

        CREATE TABLE snapshot (id TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE outbox (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, workflow TEXT NOT NULL, data BLOB NOT NULL);
        CREATE TABLE document (kind INTEGER NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (kind, name, version)) WITHOUT ROWID;
        CREATE TABLE event_execution (
          handler TEXT NOT NULL, event TEXT NOT NULL, id TEXT NOT NULL, created INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (handler, event, id)) WITHOUT ROWID;
        CREATE TABLE schedule_execution (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, schedule TEXT NOT NULL, data BLOB NOT NULL);
        CREATE INDEX schedule_execution_schedule ON schedule_execution (schedule);
        """,
        """
        CREATE TABLE workflow_message (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, workflow TEXT NOT NULL, data BLOB NOT NULL);
        CREATE INDEX workflow_message_workflow ON workflow_message (workflow);
        ALTER TABLE workflow ADD COLUMN snapshot TEXT;
        CREATE INDEX workflow_snapshot ON workflow (snapshot);
        CREATE INDEX event_execution_created ON event_execution (created);
        CREATE INDEX workflow_payload_file ON workflow_payload (data) WHERE substr(data, 1, 1) = x'F1';
        CREATE INDEX task_payload_file ON task_payload (data) WHERE substr(data, 1, 1) = x'F1';
        """,
        """
        ALTER TABLE workflow ADD COLUMN input BLOB;
        ALTER TABLE workflow ADD COLUMN output BLOB;
        ALTER TABLE workflow ADD COLUMN variables BLOB;
        ALTER TABLE task ADD COLUMN input BLOB;
        ALTER TABLE task ADD COLUMN output BLOB;
        """,
        "-- Every workflow's row names its definition: see NameSnapshots.",
        """
        CREATE INDEX task_open ON task (workflow, position) WHERE status IN ('SCHEDULED', 'IN_PROGRESS');
        CREATE INDEX workflow_kind ON workflow (name, status, created, ended);
        """,
        $"""
        CREATE TABLE payload_freed (name TEXT PRIMARY KEY) WITHOUT ROWID;
        {Replaced("workflow", "input", 1)}
        {Replaced("workflow", "output", 2)}
        {Replaced("workflow", "variables", 4)}
        {Replaced("task", "input", 1)}
        {Replaced("task", "output", 2)}
        {Freed("workflow_payload", "INSERT OR IGNORE INTO payload_freed VALUES (CAST(substr(old.data, 2) AS TEXT))")}
        {Freed("task_payload", "INSERT OR IGNORE INTO payload_freed VALUES (CAST(substr(old.data, 2) AS TEXT))")}
        DELETE FROM workflow_payload WHERE EXISTS (SELECT 1 FROM workflow w WHERE w.seq = owner AND CASE part WHEN 1 THEN w.input WHEN 2 THEN w.output ELSE w.variables END IS NOT NULL);
        DELETE FROM task_payload WHERE EXISTS (SELECT 1 FROM task t WHERE t.seq = owner AND CASE part WHEN 1 THEN t.input ELSE t.output END IS NOT NULL);
        ALTER TABLE workflow ADD COLUMN classifier TEXT;
        CREATE INDEX workflow_classifier ON workflow (classifier) WHERE classifier IS NOT NULL;
        """,
        $"""
        {NotFreed("workflow_payload")}
        {NotFreed("task_payload")}
        {Freed("workflow_payload", NoteFile)}
        {Freed("task_payload", NoteFile)}
        ALTER TABLE task ADD COLUMN open INTEGER;
        UPDATE task SET open = 1 WHERE status IN ('SCHEDULED', 'IN_PROGRESS');
        DROP INDEX task_open;
        CREATE INDEX task_open ON task (workflow, position) WHERE open IS NOT NULL;
        """,
    ];

    /// <summary>A name that is noted already is no conflict, whatever the statement that sets off the trigger says of conflicts (which OR IGNORE would give way to).</summary>
    private const string NoteFile = "INSERT INTO payload_freed VALUES (CAST(substr(old.data, 2) AS TEXT)) ON CONFLICT DO NOTHING";

    /// <summary>A payload that stands in its row needs no row of its own any more.</summary>
    private static string Replaced(string table, string column, int part) => $"""
        CREATE TRIGGER {table}_{column}_replaced AFTER UPDATE OF {column} ON {table} WHEN old.{column} IS NULL AND new.{column} IS NOT NULL
        BEGIN DELETE FROM {table}_payload WHERE owner = new.seq AND part = {part}; END;
        """;

    /// <summary>Notes the file that a row named and names no more; see <see cref="FreedFiles"/>.</summary>
    private static string Freed(string table, string note) => $"""
        CREATE TRIGGER {table}_deleted AFTER DELETE ON {table} WHEN substr(old.data, 1, 1) = x'F1'
        BEGIN {note}; END;
        CREATE TRIGGER {table}_replaced AFTER UPDATE OF data ON {table} WHEN substr(old.data, 1, 1) = x'F1' AND old.data <> new.data
        BEGIN {note}; END;
        """;

    private static string NotFreed(string table) => $"DROP TRIGGER {table}_deleted; DROP TRIGGER {table}_replaced;";

    private const int NamesSnapshots = 4;
    private const int NamesClassifiers = 6;

    /// <summary>The version that this code writes.</summary>
    public static int Version => Migrations.Length;

    /// <summary>Refuses a file that is not this version's to write; changes nothing.</summary>
    /// <exception cref="EngineStoreException">The file is something else, or of a newer version.</exception>
    public static void Check(Database database)
    {
        var version = Pragma(database, "user_version");
        var application = Pragma(database, "application_id");
        var tables = database.Sql("SELECT count(*) FROM sqlite_master").First(row => row.Number(0));
        if (tables > 0 && application != ApplicationId)
        {
            throw new EngineStoreException($"{database.Path} is not a database of the engine. Move it away, or set another engine folder.", 0);
        }

        if (version > Version)
        {
            throw new EngineStoreException($"{database.Path} was written by a newer version (schema {version}, this one knows {Version}). Update idflow.", 0);
        }
    }

    /// <summary>Brings a file that <see cref="Check"/> has let pass to this version.</summary>
    public static void Migrate(Database database)
    {
        var version = Pragma(database, "user_version");
        while (version < Version)
        {
            database.Execute("BEGIN IMMEDIATE");
            try
            {
                database.Execute(Migrations[version]);
                version++;
                if (version == NamesSnapshots)
                {
                    NameSnapshots(database);
                }
                else if (version == NamesClassifiers)
                {
                    NameClassifiers(database);
                }

                database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version}; PRAGMA application_id = {ApplicationId}; COMMIT"));
            }
            catch
            {
                if (database.InTransaction)
                {
                    database.Execute("ROLLBACK");
                }

                throw;
            }
        }
    }

    /// <summary>Rows of earlier versions name their definition in their blob only.</summary>
    private static void NameSnapshots(Database database)
    {
        var rows = database.Sql($"SELECT {WorkflowCodec.Columns.Replace("w.classifier", "NULL", StringComparison.Ordinal)} FROM workflow w WHERE w.snapshot IS NULL").Rows(WorkflowCodec.Decode);
        foreach (var row in rows)
        {
            database.Sql("UPDATE workflow SET snapshot = ? WHERE id = ?").Bind(row.SnapshotId).Bind(row.WorkflowId).Run();
        }
    }

    /// <summary>Rows of earlier versions have none.</summary>
    private static void NameClassifiers(Database database)
    {
        foreach (var id in database.Sql("SELECT id FROM snapshot").Rows(row => row.Text(0)!))
        {
            var definition = database.Sql("SELECT data FROM snapshot WHERE id = ?").Bind(id).First(row => RowCodec.DecodeDefinition(row.Bytes(0)))!;
            if (Classifier.Of(definition) is { } classifier)
            {
                database.Sql("UPDATE workflow SET classifier = ? WHERE snapshot = ?").Bind(classifier).Bind(id).Run();
            }
        }
    }

    private static long Pragma(Database database, string name) => database.Sql($"PRAGMA {name}").First(row => row.Number(0));
}
