using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Idflow.Cli.Tests.TestKit;

namespace Idflow.Cli.Tests.Commands;

/// <summary><c>up</c>, <c>run</c> and <c>worker</c> as processes, with tasks in child processes.</summary>
public sealed class UpCommandTests : IDisposable
{
    private const string Tasks = """
        public static class Tasks
        {
            [WorkerTask("shout", RetryCount = 0)]
            public static string Shout(string text) => text.ToUpperInvariant();

            [WorkerTask("slow", RetryCount = 0)]
            public static async Task Slow(CancellationToken token) => await Task.Delay(Environment.GetEnvironmentVariable("QUICK") is null ? -1 : 1, token);
        }
        """;

    private const string Crash = """
        public static class Crash
        {
            [WorkerTask("crash", RetryCount = 0)]
            public static void Run() => Environment.FailFast("broken on purpose");
        }
        """;

    private const string ByHand = "5f0c11c4-2f0e-4f0e-9f0e-2f0e4f0e9f0e";

    private readonly ProjectFolder _project = new();

    [Fact]
    public async Task A_crash_of_one_task_source_leaves_the_others_serving()
    {
        await using var up = await RunningUp.StartAsync(_project, ("tasks/words/words.cs", Tasks), ("tasks/crash/crash.cs", Crash));
        await up.DefineAsync("crashes", "crash", "SIMPLE");
        await up.DefineAsync("shouts", "shout", "SIMPLE", """{"text": "${workflow.input.text}"}""");

        var crashes = await up.StartAsync("crashes", "{}");
        var shouts = await up.StartAsync("shouts", """{"text": "hi"}""");

        Assert.Equal("HI", (await up.EndOfAsync(shouts))["output"]!["result"]!.GetValue<string>());
        var crashed = await up.EndOfAsync(crashes);
        Assert.Equal("FAILED", crashed["status"]!.GetValue<string>());
        Assert.Contains("died 3 times while it ran this task", crashed["reasonForIncompletion"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("broken on purpose", crashed["reasonForIncompletion"]!.GetValue<string>(), StringComparison.Ordinal);

        (await _project.RunAsync("up", "--urls", "http://127.0.0.1:0")).Failed(5, $"already up at {up.Url}");
        Assert.Contains("shout", (await _project.RunAsync("worker", "list")).Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal(0, await up.StopAsync());
        (await _project.RunAsync("worker", "list")).Failed(4, "No engine runs for this project");
    }

    [Fact]
    public async Task After_a_kill_run_goes_on_where_it_was_and_names_what_is_left()
    {
        string slow;
        await using (var up = await RunningUp.StartAsync(_project, ("tasks/words/words.cs", Tasks)))
        {
            await up.DefineAsync("slows", "slow", "SIMPLE");
            await up.DefineAsync("asks", "ask", "HUMAN");
            await up.DefineAsync("nobodys", "nobody", "SIMPLE");
            slow = await up.StartAsync("slows", "{}");
            await up.UntilAsync(slow, w => w["tasks"]![0]!["status"]!.GetValue<string>() == "IN_PROGRESS");
            await up.StartAsync("asks", "{}");
            up.Kill();
        }

        var first = await IdflowProcess.RunAsync(_project.Path, ["run"], "", ("QUICK", "1"));
        first.Succeeded();
        Assert.Contains("waits for a person", first.Out, StringComparison.Ordinal);
        Assert.Contains("done    slow (slow_ref)", first.Error, StringComparison.Ordinal);

        await using (var up = await RunningUp.StartAsync(_project))
        {
            Assert.Equal("COMPLETED", (await up.EndOfAsync(slow))["status"]!.GetValue<string>());
            await up.StartAsync("nobodys", "{}");
            await up.StopAsync();
        }

        var second = await _project.RunAsync("run");
        second.Failed(1, "is left that no worker serves");
        Assert.Contains("nobody 'nobody_ref' of nobodys", second.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_whose_time_is_up_does_not_wait_for_what_runs_and_the_next_goes_on_with_it()
    {
        _project.Write("tasks/words/words.cs", Tasks);
        _project.Write("config/idflow.yml", "workers: {drain_timeout: 600}\n");
        _project.Write("workflows/w/slows.json", """{"name": "slows", "tasks": [{"name": "slow", "taskReferenceName": "s", "type": "SIMPLE"}]}""");
        await _project.RunAsync("workflow", "run", "slows");

        (await _project.RunAsync("run", "--timeout", "3s")).Failed(1, "The time is up and not all work is done.");

        var next = await IdflowProcess.RunAsync(_project.Path, ["run"], "", ("QUICK", "1"));
        Assert.Contains("done    slow (s)", next.Succeeded().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_task_source_is_served_anew_and_a_broken_one_as_it_was()
    {
        await using var up = await RunningUp.StartAsync(_project, ("tasks/words/words.cs", Tasks));
        await up.DefineAsync("shouts", "shout", "SIMPLE", """{"text": "hi"}""");
        Assert.Equal("HI", (await up.EndOfAsync(await up.StartAsync("shouts", "{}")))["output"]!["result"]!.GetValue<string>());

        _project.Write("tasks/words/words.cs", Tasks.Replace("text.ToUpperInvariant()", "text + \"!\"", StringComparison.Ordinal));
        await up.SaysAsync("Serving anew: words.");
        Assert.Equal("hi!", (await up.EndOfAsync(await up.StartAsync("shouts", "{}")))["output"]!["result"]!.GetValue<string>());

        _project.Write("tasks/words/words.cs", Tasks.Replace("text.ToUpperInvariant()", "3", StringComparison.Ordinal));
        await up.SaysAsync("what was served before goes on");
        Assert.Equal("hi!", (await up.EndOfAsync(await up.StartAsync("shouts", "{}")))["output"]!["result"]!.GetValue<string>());
        Assert.Equal(0, await up.StopAsync());
    }

    [Fact]
    public async Task A_paused_task_is_not_served_and_a_task_that_does_not_exist_is_named()
    {
        _project.Write("config/idflow.yml", "workers:\n  tasks:\n    shout: {paused: true}\n    slwo: {concurrency: 2}\n");
        _project.Write("tasks/words/words.cs", Tasks);
        _project.Write("workflows/w/shouts.json", """{"name": "shouts", "tasks": [{"name": "shout", "taskReferenceName": "s", "type": "SIMPLE", "inputParameters": {"text": "hi"}}]}""");
        await _project.RunAsync("workflow", "run", "shouts");

        var run = await _project.RunAsync("run");

        run.Failed(1, "1 task is left that no worker serves");
        Assert.Contains("workers.tasks names 'slwo', which is no task of this project. Did you mean 'slow'?", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_was_kept_while_the_server_was_away_is_sent_when_it_is_back()
    {
        using var other = new ProjectFolder();
        var server = await RunningUp.StartAtAsync(other, "http://127.0.0.1:0", "--no-workers");
        var url = server.Url;
        _project.Write("config/idflow.yml", $"conductor: {{server_url: '{url}'}}\n");
        _project.Write("stages/s.yml", "name: s\nworkflows: [{name: plain}]\n");
        _project.Write("workflows/w/plain.json", """{"name": "plain", "tasks": [{"name": "n", "taskReferenceName": "n", "type": "NOOP"}], "outputParameters": {"doc": "made"}}""");
        await using var up = await RunningUp.StartAsync(_project);
        server.Kill();
        await up.SaysAsync("waiting for the engine");
        var id = await _project.AddAsync("text");

        await using var again = await RunningUp.StartAtAsync(other, url, "--no-workers");

        await up.SaysAsync("done    update_stage_status");
        Assert.EndsWith("\nmade\n", await File.ReadAllTextAsync(_project.File("data", "active", id, "stages", "s", "1", "plain.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, await up.StopAsync());
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Stages_and_workflows_that_are_saved_while_it_is_up_count_from_the_next_evaluation_on()
    {
        await using var up = await RunningUp.StartAsync(_project);
        _project.Write("workflows/w/plain.json", Plain("first"));
        _project.Write("stages/one.yml", "name: one\nworkflows: [{name: plain}]\n");
        await up.SaysAsync("Read anew: stages/one.yml, workflows/w/plain.json.");

        AddByHand();
        await up.StartAsync("stage_evaluation_trigger", $$"""{"docId": "{{ByHand}}"}""");
        await up.UntilAsync(() => Results("one").Count == 1);
        Assert.Equal("first", Assert.Single(Results("one")));

        _project.Write("workflows/w/plain.json", Plain("second"));
        _project.Write("stages/one.yml", "name: one\nworkflows: [\n");
        _project.Write("stages/two.yml", "name: two\nworkflows: [{name: plain}]\nrequirements: {stages: {one: {status: done}}}\n");
        _project.Write("config/idflow.yml", "base_dir: data\noffline: true\n");
        await up.SaysAsync("stages/one.yml:3:1: This is not valid YAML");
        await up.SaysAsync("config/idflow.yml changed; it is read at the start only.");
        await up.StartAsync("stage_evaluation_trigger", $$"""{"docId": "{{ByHand}}"}""");
        await up.UntilAsync(() => Results("two").Count == 1);

        Assert.Equal("second", Assert.Single(Results("two")));
        Assert.Equal("first", Assert.Single(Results("one")));
        Assert.Equal(0, await up.StopAsync());
    }

    [Fact]
    public async Task A_document_that_is_edited_by_hand_is_evaluated_while_up_serves_and_a_broken_one_is_told()
    {
        await using var up = await RunningUp.StartAsync(
            _project, ("workflows/w/plain.json", Plain("made")),
            ("stages/one.yml", "name: one\nworkflows: [{name: plain}]\nrequirements: {attribute_checks: [{attribute: go, operator: EQ, value: true}]}\n"));
        AddByHand("go: [");
        await up.SaysAsync($"{ByHand}/doc.md:");
        AddByHand("go: true");
        await up.SaysAsync($"{ByHand} one: started, run 1 started as workflow");
        await up.UntilAsync(() => Results("one").Count == 1);

        Assert.Equal(0, await up.StopAsync());
    }

    private static string Plain(string made) =>
        $$"""{"name": "plain", "outputParameters": {"doc": "{{made}}"}, "tasks": [{"name": "n", "taskReferenceName": "n", "type": "NOOP"}]}""";

    /// <summary>Adds a document that no command evaluates.</summary>
    private void AddByHand(string property = "a: 1") => _project.Write($"data/inbox/{ByHand}/doc.md", $"---\nstatus: inbox\nid: {ByHand}\n{property}\n---\ntext\n");

    private List<string> Results(string stage) => Directory.Exists(_project.File("data", "active"))
        ? [.. Directory.GetFiles(_project.File("data", "active"), "plain.md", SearchOption.AllDirectories).Where(file => file.Contains($"/{stage}/", StringComparison.Ordinal)).Select(file => File.ReadAllText(file).Split("---\n")[^1].Trim())]
        : [];

    public void Dispose() => _project.Dispose();
}
