using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Idflow.Cli.Tests.TestKit;

namespace Idflow.Cli.Tests.Commands;

/// <summary><c>engine backup</c>, <c>restore</c> and <c>info</c> with a running engine.</summary>
public sealed class EngineCommandTests : IDisposable
{
    private readonly ProjectFolder _project = new();
    private readonly ProjectFolder _other = new();

    public void Dispose()
    {
        _project.Dispose();
        _other.Dispose();
    }

    private static async Task<string> StartAsync(RunningUp up, string text) =>
        await (await up.Client.PostAsJsonAsync("workflow/job", new JsonObject { ["text"] = text })).EnsureSuccessStatusCode().Content.ReadAsStringAsync();

    /// <summary>Polls a task and completes it.</summary>
    private static async Task<bool> WorkAsync(RunningUp up)
    {
        var polled = (await up.Client.GetFromJsonAsync<JsonArray>("tasks/poll/batch/work?timeout=100"))!;
        if (polled.Count == 0)
        {
            return false;
        }

        var result = new JsonObject { ["workflowInstanceId"] = (string)polled[0]!["workflowInstanceId"]!, ["taskId"] = (string)polled[0]!["taskId"]!, ["status"] = "COMPLETED", ["outputData"] = new JsonObject { ["done"] = true } };
        (await up.Client.PostAsJsonAsync("tasks", result)).EnsureSuccessStatusCode();
        return true;
    }

    [Fact]
    public async Task A_backup_under_load_is_restored_elsewhere_and_everything_goes_on()
    {
        var backup = _project.File("backups", "engine.zip");
        var large = new string('x', 700_000);
        var before = new List<string>();
        await using (var up = await RunningUp.StartAtAsync(_project, "http://127.0.0.1:0", "--no-workers"))
        {
            await up.DefineAsync("job", "work", "SIMPLE", """{"text": "${workflow.input.text}"}""");
            before.Add(await StartAsync(up, large));
            before.Add(await StartAsync(up, large));
            Assert.True(await WorkAsync(up));
            using var stop = new CancellationTokenSource();
            var started = new ConcurrentQueue<string>();
            var load = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    started.Enqueue(await StartAsync(up, "small"));
                    await WorkAsync(up);
                }
            })));
            while (started.Count < 20)
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            before.AddRange(started);
            Assert.Equal(backup, (await _project.RunAsync("engine", "backup", "backups/engine.zip")).Succeeded().Text);
            Assert.True((await _project.JsonAsync("engine", "info", "--json"))["up"]!.GetValue<bool>());
            (await _project.RunAsync("engine", "backup", "backups/engine.zip")).Failed(1, "is there already");
            (await _project.RunAsync("engine", "restore", "backups/engine.zip", "--yes")).Failed(5, $"up at {up.Url}");
            await stop.CancelAsync();
            await load;
        }

        (await _other.RunAsync("engine", "restore", backup, "--yes")).Succeeded();
        await using var again = await RunningUp.StartAtAsync(_other, "http://127.0.0.1:0", "--no-workers");
        while (await WorkAsync(again))
        {
        }

        foreach (var id in before)
        {
            var workflow = await again.EndOfAsync(id);
            Assert.Equal("COMPLETED", (string)workflow["status"]!);
            Assert.True((string)workflow["input"]!["text"]! is "small" || (string)workflow["input"]!["text"]! == large);
        }

        var next = await StartAsync(again, "next");
        Assert.True(await WorkAsync(again));
        Assert.Equal("COMPLETED", (string)(await again.EndOfAsync(next))["status"]!);
    }

    [Fact]
    public async Task A_restore_needs_a_yes_and_a_sound_backup_and_keeps_what_was_there()
    {
        _project.Write("wf.json", """{"name": "ask", "version": 1, "schemaVersion": 2, "tasks": [{"name": "a", "taskReferenceName": "a", "type": "HUMAN"}]}""");
        (await _project.RunAsync("workflow", "upload", "wf.json")).Succeeded();
        var first = (await _project.RunAsync("workflow", "run", "ask")).Succeeded().Text;
        (await _project.RunAsync("engine", "backup", "one.zip")).Succeeded();
        var second = (await _project.RunAsync("workflow", "run", "ask")).Succeeded().Text;
        _project.Write("broken.zip", "no archive");

        (await _project.RunAsync("engine", "restore", "one.zip")).Failed(2, "--yes");
        (await _project.RunAsync("engine", "restore", "none.zip", "--yes")).Failed(3, "There is no file");
        (await _project.RunAsync("engine", "restore", "broken.zip", "--yes")).Failed(5, "not a backup of an engine");
        Assert.Equal(2, (await _project.JsonAsync("engine", "info", "--json"))["workflows"]!["RUNNING"]!.GetValue<int>());

        var restored = (await _project.RunAsync("engine", "restore", "one.zip", "--yes")).Succeeded();
        Assert.Contains("replaced", restored.Error, StringComparison.Ordinal);
        (await _project.RunAsync("workflow", "status", first)).Succeeded();
        (await _project.RunAsync("workflow", "status", second)).Failed(3, second);
        Assert.True(File.Exists(_project.File(".idflow", "engine", "replaced", "engine.db")));
    }

    [Fact]
    public async Task Without_an_engine_there_is_nothing_to_back_up()
    {
        (await _project.RunAsync("engine", "backup", "x.zip")).Failed(3, "There is no engine");
        (await _project.RunAsync("engine", "info")).Failed(3, "There is no engine");
        _other.Write("config/idflow.yml", "conductor: {server_url: \"http://127.0.0.1:1\"}\n");
        (await _other.RunAsync("engine", "backup", "x.zip")).Failed(2, "its data is kept there");
    }
}
