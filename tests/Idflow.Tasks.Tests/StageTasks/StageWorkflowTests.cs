using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Documents.Model;
using Idflow.Documents.Query;
using Idflow.Workers;

namespace Idflow.Tasks.Tests.StageTasks;

/// <summary>The shipped stage workflows on the real engine.</summary>
public sealed class StageWorkflowTests
{
    private const string Echo = """
        {"name": "echo", "tasks": [{"name": "say", "taskReferenceName": "say", "type": "SIMPLE", "inputParameters": {"text": "${workflow.input.text}"}}],
         "outputParameters": {"doc": {"title": "${workflow.input.doc.title}", "said": "${say.output.result}", "body": "# ${say.output.result}"}, "files": [{"name": "sources/1", "url": "u", "body": "one"}]}}
        """;

    private const string Plain = """{"name": "plain", "tasks": [{"name": "n", "taskReferenceName": "n", "type": "NOOP"}], "outputParameters": {"doc": "only text"}}""";

    [Fact]
    public async Task A_stage_runs_its_workflows_stores_each_result_once_and_starts_the_next_stage()
    {
        await using var pipeline = await PipelineFixture.StartAsync(
            new Tasks(),
            ("stages/first.yml", "name: first\nworkflows:\n  - {name: echo, inputs: {text: '${workflow.input.doc.title}'}}\n  - {name: plain}\n  - {name: plain, when: doc.twice}\nrequirements: {attribute_checks: [{attribute: kind, operator: EQ, value: a}]}\n"),
            ("stages/second.yml", "name: second\nworkflows: [{name: plain}]\nrequirements: {stages: {first: {status: done}}}\n"),
            ("workflows/w/echo.json", Echo),
            ("workflows/w/plain.json", Plain));
        const string Title = "How to write ${HOME} and ${workflow.input.docId} in $${bash}";
        var id = await pipeline.AddAsync("text ${x}", ("kind", "a"), ("title", Title), ("twice", true));
        var first = await pipeline.ClosedAsync(id, "first");
        Assert.Equal((StageStatus.Done, null), (first.Status, first.Reason));
        Assert.Equal(["echo", "echo/sources/1", "plain", "plain_2"], first.Results);
        var echo = await pipeline.Store.GetResultAsync(id, "first", 1, "echo");
        Assert.Equal($"# {Title}\n", echo!.Body);
        Assert.Equal([("title", Title), ("said", Title)], echo.Properties.Select(item => (item.Key, PropertyText.Of(item.Value))));
        Assert.Equal("only text\n", (await pipeline.Store.GetResultAsync(id, "first", 1, "plain"))!.Body);
        Assert.Equal("one\n", (await pipeline.Store.GetResultAsync(id, "first", 1, "echo/sources/1"))!.Body);

        Assert.Equal(StageStatus.Done, (await pipeline.ClosedAsync(id, "second")).Status);
        Assert.Equal(DocumentStatus.Active, (await pipeline.Store.GetAsync(id)).Status);
        Assert.Equal(2, (await pipeline.Store.GetStageRunsAsync(id)).Count);
    }

    [Fact]
    public async Task A_stage_without_workflows_is_done_at_once()
    {
        await using var pipeline = await PipelineFixture.StartAsync(new Tasks(), ("stages/s.yml", "name: s\n"));
        var id = await pipeline.AddAsync("");
        Assert.Equal(StageStatus.Done, (await pipeline.ClosedAsync(id, "s")).Status);
    }

    [Fact]
    public async Task A_failed_workflow_blocks_the_stage_with_the_reason_and_a_stage_can_follow_that()
    {
        await using var pipeline = await PipelineFixture.StartAsync(
            new Tasks(),
            ("stages/s.yml", "name: s\nworkflows: [{name: failing}]\n"),
            ("stages/rescue.yml", "name: rescue\nrequirements: {stages: {s: {status: blocked}}}\n"),
            ("workflows/w/failing.json", """{"name": "failing", "tasks": [{"name": "fail", "taskReferenceName": "f", "type": "SIMPLE"}]}"""));
        var id = await pipeline.AddAsync("");
        var run = await pipeline.ClosedAsync(id, "s");
        Assert.Equal(StageStatus.Blocked, run.Status);
        Assert.Contains("no key for the service", run.Reason, StringComparison.Ordinal);
        Assert.Equal(WorkflowStatus.FAILED, (await pipeline.EndedAsync(run.WorkflowId!)).Status);
        Assert.Equal(StageStatus.Done, (await pipeline.ClosedAsync(id, "rescue")).Status);
    }

    [Fact]
    public async Task What_the_others_made_is_stored_when_one_workflow_fails_and_a_retry_stores_only_what_is_missing()
    {
        var tasks = new Gated();
        await using var pipeline = await PipelineFixture.StartAsync(
            tasks,
            ("stages/s.yml", "name: s\nworkflows: [{name: quick}, {name: failing}, {name: failing}, {name: late}]\n"),
            ("workflows/w/quick.json", Gated.Workflow("quick")),
            ("workflows/w/failing.json", Gated.Workflow("failing")),
            ("workflows/w/late.json", Gated.Workflow("late")));
        var id = await pipeline.AddAsync("");
        await PipelineFixture.UntilAsync(async () => (await pipeline.Store.GetStageRunsAsync(id)).Any(run => run.Results.Contains("quick")) && tasks.Failures == 2);
        Assert.Equal(StageStatus.Active, Assert.Single(await pipeline.Store.GetStageRunsAsync(id)).Status);

        tasks.Late.SetResult();
        var blocked = await pipeline.ClosedAsync(id, "s");
        Assert.Equal((StageStatus.Blocked, "failing: broken; failing: broken"), (blocked.Status, blocked.Reason));
        Assert.Equal(["late", "quick"], blocked.Results);
        Assert.Equal("late 1\n", (await pipeline.Store.GetResultAsync(id, "s", 1, "late"))!.Body);

        tasks.IsMended = true;
        await pipeline.Engine.RetryWorkflowAsync(blocked.WorkflowId!);
        await PipelineFixture.UntilAsync(async () => (await pipeline.Store.GetStageRunsAsync(id)).Any(run => run.Status == StageStatus.Done));
        var done = Assert.Single(await pipeline.Store.GetStageRunsAsync(id));
        Assert.Equal(["failing", "failing_2", "late", "quick"], done.Results);
        Assert.Equal(("late 1\n", "quick 1\n"), ((await pipeline.Store.GetResultAsync(id, "s", 1, "late"))!.Body, (await pipeline.Store.GetResultAsync(id, "s", 1, "quick"))!.Body));
    }

    [Fact]
    public async Task A_second_workflow_for_the_same_run_fails_and_does_not_touch_the_run()
    {
        await using var pipeline = await PipelineFixture.StartAsync(
            new Tasks(),
            ("stages/s.yml", "name: s\nworkflows: [{name: waiting}]\n"),
            ("workflows/w/waiting.json", """{"name": "waiting", "tasks": [{"name": "w", "taskReferenceName": "w", "type": "WAIT"}]}"""));
        var id = await pipeline.AddAsync("");
        var run = Assert.Single(await pipeline.Store.GetStageRunsAsync(id));
        var original = await pipeline.Engine.GetWorkflowAsync(run.WorkflowId!);
        var second = await pipeline.Engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "stage_workflow", Input = (JsonObject)original.Input.DeepClone() });
        var ended = await pipeline.EndedAsync(second);
        Assert.Equal(WorkflowStatus.FAILED, ended.Status);
        Assert.Contains("started once too often", ended.ReasonForIncompletion, StringComparison.Ordinal);
        Assert.Equal(WorkflowStatus.COMPLETED, (await pipeline.EndedAsync((string)ended.Output["conductor.failure_workflow"]!)).Status);
        Assert.Equal(run, Assert.Single(await pipeline.Store.GetStageRunsAsync(id)) with { Properties = run.Properties, Results = run.Results });
    }

    [Fact]
    public async Task A_document_that_is_done_ends_the_workflows_of_its_open_stage()
    {
        await using var pipeline = await PipelineFixture.StartAsync(
            new Tasks(),
            ("stages/s.yml", "name: s\nworkflows: [{name: waiting}]\n"),
            ("workflows/w/waiting.json", """{"name": "waiting", "tasks": [{"name": "w", "taskReferenceName": "w", "type": "WAIT"}]}"""));
        var id = await pipeline.AddAsync("");
        var run = Assert.Single(await pipeline.Store.GetStageRunsAsync(id));
        await pipeline.Store.UpdateAsync(id, document => document with { Status = DocumentStatus.Done });
        Assert.Equal(StageStatus.Cancelled, (await pipeline.ClosedAsync(id, "s")).Status);
        var ended = await pipeline.EndedAsync(run.WorkflowId!);
        Assert.Equal((WorkflowStatus.TERMINATED, "the document is done"), (ended.Status, ended.ReasonForIncompletion));
    }

    [Theory]
    [InlineData("""{"name": "bad", "tasks": [{"name": "n", "taskReferenceName": "n", "type": "NOOP"}], "outputParameters": {"doc": [1]}}""", "'doc'")]
    [InlineData("""{"name": "bad", "tasks": [{"name": "n", "taskReferenceName": "n", "type": "NOOP"}], "outputParameters": {"doc": {"body": {"a": 1}}}}""", "'body'")]
    [InlineData("""{"name": "bad", "tasks": [{"name": "n", "taskReferenceName": "n", "type": "NOOP"}], "outputParameters": {"files": [{"body": "x"}]}}""", "no 'name'")]
    [InlineData("""{"name": "bad", "tasks": [{"name": "n", "taskReferenceName": "n", "type": "NOOP"}], "outputParameters": {"files": [{"name": "../../x", "body": "x"}]}}""", "../../x")]
    public async Task A_result_that_cannot_be_stored_blocks_the_stage(string workflow, string reason)
    {
        await using var pipeline = await PipelineFixture.StartAsync(new Tasks(), ("stages/s.yml", "name: s\nworkflows: [{name: bad}]\n"), ("workflows/w/bad.json", workflow));
        var run = await pipeline.ClosedAsync(await pipeline.AddAsync(""), "s");
        Assert.Equal(StageStatus.Blocked, run.Status);
        Assert.Contains(reason, run.Reason, StringComparison.Ordinal);
    }

    internal sealed class Tasks
    {
        [WorkerTask("say")]
        public static string Say(string text) => text;

        [WorkerTask("fail", RetryCount = 0)]
        public static string Fail() => throw TaskFailedException.Terminal("no key for the service");
    }

    /// <summary>One task: the workflow <c>quick</c> ends at once, <c>late</c> when it is let go, <c>failing</c> fails until it is mended.</summary>
    internal sealed class Gated
    {
        private readonly ConcurrentDictionary<string, int> _calls = new();
        private int _failures;

        public TaskCompletionSource Late { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsMended { get; set; }

        public int Failures => Volatile.Read(ref _failures);

        public static string Workflow(string name) => $$$"""
            {"name": "{{{name}}}", "tasks": [{"name": "gated", "taskReferenceName": "g", "type": "SIMPLE", "inputParameters": {"name": "{{{name}}}"}}], "outputParameters": {"doc": "{{{name}}} ${g.output.result}"}}
            """;

        [WorkerTask("gated", RetryCount = 0, Concurrency = 4)]
        public async Task<int> Run(string name)
        {
            if (name == "failing" && !IsMended)
            {
                Interlocked.Increment(ref _failures);
                throw TaskFailedException.Terminal("broken");
            }

            await (name == "late" ? Late.Task : Task.CompletedTask);
            return _calls.AddOrUpdate(name, 1, static (_, calls) => calls + 1);
        }
    }
}
