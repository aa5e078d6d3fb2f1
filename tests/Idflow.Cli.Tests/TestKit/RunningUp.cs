using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Idflow.Cli.Tests.TestKit;

/// <summary>A running <c>idflow up</c>.</summary>
internal sealed class RunningUp : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly ConcurrentQueue<string> _said;

    private RunningUp(Process process, string api, ConcurrentQueue<string> said)
    {
        _said = said;
        _process = process;
        Url = api[..^"/api".Length];
        _client = new HttpClient { BaseAddress = new Uri(api + "/") };
    }

    /// <summary>Waits until a line of its stderr holds a text.</summary>
    public Task SaysAsync(string text) => UntilAsync(() => _said.Any(line => line.Contains(text, StringComparison.Ordinal)));

    /// <summary>Waits until something holds.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        for (var limit = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(60), string.Join('\n', _said));
            await Task.Delay(20);
        }
    }

    public string Url { get; }

    /// <summary>Speaks to <c>/api</c>.</summary>
    public HttpClient Client => _client;

    public static Task<RunningUp> StartAsync(ProjectFolder project, params (string Path, string Text)[] sources)
    {
        foreach (var (path, text) in sources)
        {
            project.Write(path, text);
        }

        return StartAtAsync(project, "http://127.0.0.1:0");
    }

    public static async Task<RunningUp> StartAtAsync(ProjectFolder project, string url, params string[] more)
    {
        var process = IdflowProcess.Start(project.Path, ["up", "--urls", url, .. more]);
        var said = new ConcurrentQueue<string>();
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
        var api = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.True(api is not null, string.Join('\n', said));
        return new RunningUp(process, api, said);
    }

    public async Task DefineAsync(string workflow, string task, string type, string input = "{}")
    {
        var definition = JsonNode.Parse($$"""
            {"name": "{{workflow}}", "version": 1, "schemaVersion": 2, "tasks": [{"name": "{{task}}", "taskReferenceName": "{{task}}_ref", "type": "{{type}}", "inputParameters": {{input}}}]}
            """);
        (await _client.PostAsJsonAsync("metadata/workflow", definition)).EnsureSuccessStatusCode();
    }

    public async Task<string> StartAsync(string workflow, string input)
    {
        using var content = new StringContent(input, System.Text.Encoding.UTF8, "application/json");
        return await (await _client.PostAsync(new Uri($"workflow/{workflow}", UriKind.Relative), content)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    public Task<JsonNode> EndOfAsync(string id) => UntilAsync(id, w => w["status"]!.GetValue<string>() is not "RUNNING");

    public async Task<JsonNode> UntilAsync(string id, Func<JsonNode, bool> condition)
    {
        for (var limit = Stopwatch.StartNew(); ;)
        {
            var workflow = JsonNode.Parse(await _client.GetStringAsync(new Uri($"workflow/{id}", UriKind.Relative)))!;
            if (condition(workflow))
            {
                return workflow;
            }

            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(60), workflow.ToJsonString());
            await Task.Delay(50);
        }
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>As a service manager stops it.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        return ValueTask.CompletedTask;
    }
}
