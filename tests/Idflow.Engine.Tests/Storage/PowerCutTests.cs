using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Definitions;
using Idflow.Engine.Retention;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Backup;
using Idflow.Engine.Storage.Payloads;
using Idflow.Engine.Storage.Sqlite;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Storage;

/// <summary>What is said to be on disk has been flushed, files and the folders that name them, before anything rests on it.</summary>
public sealed class PowerCutTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idflow-power-");
    private readonly FlushedDisk _disk;

    public PowerCutTests() => _disk = new FlushedDisk(_folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    [Fact]
    public void A_payload_file_is_flushed_with_its_folders_before_it_is_named()
    {
        var points = new List<CommitPoint>();
        var kept = false;
        var files = new PayloadFiles(_folder.FullName, 10, point =>
        {
            points.Add(point);
            kept = _disk.Lost(_folder.FullName).Count == 0;
        }, _disk);

        var name = PayloadReference.NameIn(files.Stored(new byte[1000]))!;

        Assert.True(kept);
        Assert.Equal([CommitPoint.AfterPayloadFile], points);
        Assert.True(_disk.Keeps(PathOf(PayloadFiles.RelativePath(name))));
    }

    [Fact]
    public void A_file_gets_its_name_when_its_content_is_flushed_and_not_before()
    {
        var path = PathOf("file");
        var before = new List<string>();
        new DurableFile(new FlushedDisk(_folder.FullName) { Before = flushed => before.Add($"{Path.GetFileName(flushed) == _folder.Name}:{File.Exists(path)}") }).Write(path, "content"u8);
        Assert.Equal(["False:False", "True:True"], before);
    }

    [Fact]
    public void An_upload_is_flushed_when_it_is_answered()
    {
        new PayloadUploads(_folder.FullName, TimeProvider.System, _disk).Put("path", new JsonObject { ["a"] = 1 });
        Assert.Empty(_disk.Lost(_folder.FullName));
        Assert.Single(Directory.GetFiles(PathOf(PayloadUploads.FolderName)));
    }

    [Fact]
    public void Removed_workflows_are_flushed_in_the_archive_before_they_go()
    {
        var definition = new WorkflowDef { Name = "wf" };
        var workflow = new WorkflowState(new WorkflowRow { WorkflowId = "w", Name = "wf", SnapshotId = "s", Status = WorkflowStatus.COMPLETED }, new WorkflowGraph("s", definition));

        new WorkflowArchive(PathOf("archive"), TimeProvider.System, _disk).Write([workflow], _ => []);

        Assert.Single(Directory.GetFiles(PathOf("archive")));
        Assert.Empty(_disk.Lost(PathOf("archive")));
    }

    [Fact]
    public async Task A_backup_is_flushed_when_it_is_answered()
    {
        await SaveAsync();
        Assert.True(_disk.Keeps(PathOf("backup.zip")));
    }

    /// <summary>Until the archive is whole its payload files stay, also those that no row names any more.</summary>
    [Fact]
    public async Task No_payload_file_goes_while_a_backup_is_written()
    {
        var held = new List<bool>();
        await SaveAsync(new FlushedDisk(_folder.FullName)
        {
            Before = _ =>
            {
                using var collection = new PayloadFiles(PathOf("one"), 1000).TryLockForCollection();
                held.Add(collection is null);
            },
        });
        Assert.NotEmpty(held);
        Assert.DoesNotContain(false, held);
    }

    [Fact]
    public async Task No_backup_is_taken_in_the_middle_of_a_restore_and_the_next_restore_finishes_it()
    {
        await SaveAsync();
        await File.WriteAllTextAsync(Path.Combine(PathOf("one"), "restore.ready"), "");
        await Assert.ThrowsAsync<IOException>(() => EngineBackup.SaveAsync(PathOf("one"), PathOf("second.zip"), TimeProvider.System));
        Assert.False(File.Exists(PathOf("second.zip")));

        await EngineBackup.RestoreAsync(PathOf("backup.zip"), PathOf("one"), TimeProvider.System);
        Assert.False(RestoreSwap.IsUnderWay(PathOf("one")));
        Assert.True(File.Exists(Path.Combine(PathOf("one"), "engine.db")));
    }

    [Fact]
    public async Task Restored_data_is_flushed_before_the_old_data_is_touched_and_in_its_place_before_the_restore_is_over()
    {
        await SaveAsync();
        var target = PathOf("two");
        Directory.CreateDirectory(target);
        await File.WriteAllTextAsync(Path.Combine(target, "engine.db"), "old");
        var steps = new List<string>();
        FlushedDisk disk = null!;
        disk = new FlushedDisk(target)
        {
            Before = flushed =>
            {
                var staging = Path.Combine(target, RestoreSwap.StagingName);
                if (Path.GetFileName(flushed).StartsWith("restore.ready", StringComparison.Ordinal))
                {
                    steps.Add($"ready, lost: {string.Join(' ', disk.Lost(staging))}, old there: {File.Exists(Path.Combine(target, "engine.db"))}");
                }
                else if (Path.GetFileName(flushed) == RestoreSwap.ReplacedName)
                {
                    steps.Add($"aside: {File.Exists(Path.Combine(target, "restore.ready"))}, new there: {File.Exists(Path.Combine(target, "engine.db"))}");
                }
                else if (Path.GetFileName(flushed) == "two" && File.Exists(Path.Combine(target, "restore.aside")) && File.Exists(Path.Combine(target, "engine.db")))
                {
                    steps.Add("in place");
                }
            },
        };

        await EngineBackup.RestoreAsync(PathOf("backup.zip"), target, TimeProvider.System, disk);

        Assert.Equal(["ready, lost: , old there: True", "aside: True, new there: False", "in place"], steps);
        Assert.True(disk.Keeps(Path.Combine(target, "engine.db")));
        Assert.False(RestoreSwap.IsUnderWay(target));
    }

    [Fact]
    public void Every_commit_is_flushed_before_it_is_answered()
    {
        using var database = Database.OpenWriter(PathOf("engine.db"));
        Assert.Equal(("wal", 2L), (database.Sql("PRAGMA journal_mode").First(row => row.Text(0)), database.Sql("PRAGMA synchronous").First(row => row.Number(0))));
    }

    /// <summary>An engine with a payload file and an upload, saved.</summary>
    private async Task SaveAsync(FlushedDisk? disk = null)
    {
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = PathOf("one"), Limits = new EngineLimits { PayloadFileBytes = 1000 } });
        await engine.CreateWorkflowDefAsync(new WorkflowDef { Name = "wf", OwnerEmail = "a@example.com", Tasks = [new WorkflowTask { Name = "a", TaskReferenceName = "a" }] });
        await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "wf", Input = new JsonObject { ["text"] = new string('x', 5000) } });
        await engine.UploadPayloadAsync("up", new JsonObject { ["u"] = 1 });
        await EngineBackup.SaveAsync(PathOf("one"), PathOf("backup.zip"), TimeProvider.System, disk ?? _disk);
    }
}
