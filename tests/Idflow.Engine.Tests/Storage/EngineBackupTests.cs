using System.IO.Compression;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Ownership;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Backup;
using Idflow.Engine.Storage.Payloads;

namespace Idflow.Engine.Tests.Storage;

/// <summary>Backups and restores of whole engines, broken off at each step.</summary>
public sealed class EngineBackupTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idflow-backup-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static async Task<EmbeddedEngine> OpenAsync(string directory) =>
        await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = directory, Limits = new EngineLimits { PayloadFileBytes = 1000 } });

    private static async Task<string> StartAsync(EmbeddedEngine engine, string text)
    {
        await engine.CreateWorkflowDefAsync(new WorkflowDef { Name = "wf", OwnerEmail = "a@example.com", Tasks = [new WorkflowTask { Name = "a", TaskReferenceName = "a" }] }, overwrite: true);
        return await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "wf", Input = new JsonObject { ["text"] = text } });
    }

    private static async Task<string> TextOfAsync(EmbeddedEngine engine, string id) => (string)(await engine.GetWorkflowAsync(id)).Input["text"]!;

    private static readonly string Large = new('x', 5000);

    /// <summary>An engine with one workflow that has a payload file, and a backup of it.</summary>
    private async Task<string> BackedUpAsync()
    {
        await using var engine = await OpenAsync(PathOf("one"));
        var id = await StartAsync(engine, Large);
        await engine.UploadPayloadAsync("up", new JsonObject { ["u"] = 1 });
        await EngineBackup.SaveAsync(PathOf("one"), PathOf("one.zip"), TimeProvider.System);
        return id;
    }

    [Fact]
    public async Task A_backup_of_an_open_engine_comes_back_with_payload_files_and_uploads()
    {
        var id = await BackedUpAsync();

        await EngineBackup.RestoreAsync(PathOf("one.zip"), PathOf("two"), TimeProvider.System);

        await using var two = await OpenAsync(PathOf("two"));
        Assert.Equal(Large, await TextOfAsync(two, id));
        Assert.Equal("""{"u":1}""", (await two.ReadPayloadAsync("up"))!.ToJsonString());
        Assert.Single(await two.PollTasksAsync("a"));
        Assert.Equal(["one", "one.zip", "two"], _folder.EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_restore_is_refused_while_the_engine_is_open()
    {
        await BackedUpAsync();
        await using var engine = await OpenAsync(PathOf("one"));
        await Assert.ThrowsAsync<EngineInUseException>(() => EngineBackup.RestoreAsync(PathOf("one.zip"), PathOf("one"), TimeProvider.System));
    }

    [Fact]
    public async Task A_damaged_backup_changes_nothing()
    {
        var id = await BackedUpAsync();
        using (var zip = ZipFile.Open(PathOf("one.zip"), ZipArchiveMode.Update))
        {
            zip.Entries.First(entry => entry.FullName.StartsWith("payloads/", StringComparison.Ordinal)).Delete();
        }

        var error = await Assert.ThrowsAsync<IOException>(() => EngineBackup.RestoreAsync(PathOf("one.zip"), PathOf("one"), TimeProvider.System));
        Assert.Contains("missing or damaged", error.Message, StringComparison.Ordinal);
        await using var engine = await OpenAsync(PathOf("one"));
        Assert.Equal(Large, await TextOfAsync(engine, id));
        Assert.False(Directory.Exists(Path.Combine(PathOf("one"), RestoreSwap.StagingName)));
    }

    [Fact]
    public async Task An_archive_with_paths_that_lead_elsewhere_is_refused()
    {
        await BackedUpAsync();
        using (var zip = ZipFile.Open(PathOf("one.zip"), ZipArchiveMode.Update))
        {
            zip.CreateEntry("payloads/../../../evil");
        }

        await Assert.ThrowsAsync<IOException>(() => EngineBackup.RestoreAsync(PathOf("one.zip"), PathOf("two"), TimeProvider.System));
        Assert.False(File.Exists(PathOf("evil")));
    }

    /// <summary>Every prefix of the moves of a restore, as a crash leaves it, then the next opening.</summary>
    [Fact]
    public async Task A_restore_that_was_broken_off_anywhere_has_happened_after_the_next_opening()
    {
        var id = await BackedUpAsync();
        for (var moved = 0; moved <= 6; moved++)
        {
            var target = PathOf($"target{moved}");
            string old;
            await using (var engine = await OpenAsync(target))
            {
                old = await StartAsync(engine, new string('y', 3000));
            }
            var staging = Path.Combine(target, RestoreSwap.StagingName);
            Directory.CreateDirectory(staging);
            EngineArchive.Unpack(PathOf("one.zip"), staging, new DurableFile(DiskFlush.Instance));
            await File.WriteAllTextAsync(Path.Combine(target, moved < 3 ? "restore.ready" : "restore.aside"), "");
            BreakOff(target, staging, moved);

            await using var again = await OpenAsync(target);
            Assert.Equal(Large, await TextOfAsync(again, id));
            Assert.Empty((await again.SearchWorkflowsAsync(new SearchRequest { Query = $"workflowId = '{old}'" })).Results);
            Assert.True(File.Exists(Path.Combine(target, RestoreSwap.ReplacedName, "engine.db")));
            Assert.False(RestoreSwap.IsUnderWay(target));
        }
    }

    private static void BreakOff(string target, string staging, int moved)
    {
        var replaced = Directory.CreateDirectory(Path.Combine(target, RestoreSwap.ReplacedName)).FullName;
        var steps = new (string From, string To, string Name)[]
        {
            (target, replaced, "engine.db"), (target, replaced, "payloads"), (target, replaced, "uploads"),
            (staging, target, "engine.db"), (staging, target, "payloads"), (staging, target, "uploads"),
        };
        foreach (var (from, to, name) in steps.Take(moved < 3 ? moved : Math.Max(3, moved)))
        {
            var source = Path.Combine(from, name);
            if (File.Exists(source))
            {
                File.Move(source, Path.Combine(to, name));
            }
            else if (Directory.Exists(source))
            {
                Directory.Move(source, Path.Combine(to, name));
            }
        }
    }

    [Fact]
    public async Task A_restore_that_had_not_begun_is_cleared_away()
    {
        var id = await BackedUpAsync();
        Directory.CreateDirectory(Path.Combine(PathOf("one"), RestoreSwap.StagingName));
        await File.WriteAllTextAsync(Path.Combine(PathOf("one"), RestoreSwap.StagingName, "engine.db"), "half");

        await using var engine = await OpenAsync(PathOf("one"));
        Assert.Equal(Large, await TextOfAsync(engine, id));
        Assert.False(Directory.Exists(Path.Combine(PathOf("one"), RestoreSwap.StagingName)));
    }
}
