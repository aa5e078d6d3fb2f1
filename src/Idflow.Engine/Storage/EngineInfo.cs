using Idflow.Conductor.Model;
using Idflow.Engine.Ownership;
using Idflow.Engine.Storage.Payloads;
using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Engine.Storage;

/// <summary>What an engine's folder holds; read without owning it.</summary>
/// <param name="SchemaVersion">Of the database.</param>
/// <param name="DatabaseBytes">The file and its log.</param>
/// <param name="PayloadFiles">Payloads that are files of their own.</param>
/// <param name="PayloadBytes">Their sizes together.</param>
/// <param name="Workflows">Executions by status.</param>
/// <param name="IsOwned">A process has the engine open.</param>
/// <param name="Url">Where that one serves the REST API.</param>
public sealed record EngineInfo(
    int SchemaVersion, long DatabaseBytes, int PayloadFiles, long PayloadBytes, IReadOnlyDictionary<WorkflowStatus, long> Workflows, bool IsOwned, string? Url)
{
    /// <exception cref="FileNotFoundException">There is no engine in the folder.</exception>
    /// <exception cref="EngineStoreException">The database cannot be read.</exception>
    public static EngineInfo Read(string engineDirectory)
    {
        var path = Path.Combine(engineDirectory, SqliteEngineStore.FileName);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no engine in {engineDirectory}: {SqliteEngineStore.FileName} is missing.", path);
        }
        var (isOwned, url) = EngineOwnership.Find(engineDirectory);
        using var database = Database.OpenReader(path);
        var workflows = database.Sql("SELECT status, count(*) FROM workflow GROUP BY status").Rows(row => (Enum.Parse<WorkflowStatus>(row.Text(0)!), row.Number(1)));
        var files = Directory.Exists(Path.Combine(engineDirectory, Payloads.PayloadFiles.FolderName))
            ? new DirectoryInfo(Path.Combine(engineDirectory, Payloads.PayloadFiles.FolderName)).GetFiles("*", SearchOption.AllDirectories)
            : [];
        return new EngineInfo(
            (int)database.Sql("PRAGMA user_version").First(row => row.Number(0)),
            new[] { path, path + "-wal" }.Select(file => new FileInfo(file)).Where(file => file.Exists).Sum(file => file.Length),
            files.Length, files.Sum(file => file.Length), workflows.ToDictionary(), isOwned, url);
    }
}
