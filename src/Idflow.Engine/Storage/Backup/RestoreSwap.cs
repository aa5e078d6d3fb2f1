using Idflow.Engine.Storage.Payloads;
using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Engine.Storage.Backup;

/// <summary>
/// Puts restored data in the place of an engine's data, in steps that can be broken off anywhere: what is under way is known by a marker, and the next
/// one who owns the folder carries it on. The data that was there lies in <c>replaced/</c> until the next restore.
/// </summary>
internal static class RestoreSwap
{
    public const string StagingName = "restored";
    public const string ReplacedName = "replaced";

    /// <summary>The restored data is whole and on disk; the old data is being moved aside.</summary>
    private const string Ready = "restore.ready";

    /// <summary>The old data is aside; the restored data is being moved in.</summary>
    private const string Aside = "restore.aside";

    private static readonly string[] Data = [$"{SqliteEngineStore.FileName}-wal", $"{SqliteEngineStore.FileName}-shm", .. EngineArchive.Parts];

    public static bool IsUnderWay(string engineDirectory) => File.Exists(Path.Combine(engineDirectory, Ready)) || File.Exists(Path.Combine(engineDirectory, Aside));

    /// <summary>From here on the restore happens, whatever comes in between.</summary>
    public static void Begin(string engineDirectory, DurableFile durable)
    {
        DeleteFolder(Path.Combine(engineDirectory, ReplacedName));
        durable.Write(Path.Combine(engineDirectory, Ready), []);
        Finish(engineDirectory, durable);
    }

    /// <summary>Carries a restore that was broken off to its end, or clears one away that had not begun. Only for the owner of the folder.</summary>
    public static void Finish(string engineDirectory, DurableFile durable)
    {
        var (ready, aside) = (Path.Combine(engineDirectory, Ready), Path.Combine(engineDirectory, Aside));
        var (staging, replaced) = (Path.Combine(engineDirectory, StagingName), Path.Combine(engineDirectory, ReplacedName));
        if (File.Exists(ready))
        {
            durable.MakeFolder(replaced);
            Move(engineDirectory, replaced, Data);
            durable.SyncFolder(replaced);
            durable.Name(ready, aside);
        }
        if (File.Exists(aside))
        {
            Move(staging, engineDirectory, EngineArchive.Parts);
            durable.SyncFolder(engineDirectory);
            File.Delete(aside);
        }
        DeleteFolder(staging);
    }

    private static void Move(string from, string to, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            var (source, target) = (Path.Combine(from, name), Path.Combine(to, name));
            if (File.Exists(source))
            {
                File.Move(source, target, overwrite: true);
            }
            else if (Directory.Exists(source))
            {
                Directory.Move(source, target);
            }
        }
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
