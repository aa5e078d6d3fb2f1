using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Documents.Model;
using Idflow.Pipeline.Evaluation;

namespace Idflow.Pipeline.Tests.Evaluation;

public sealed class StageEvaluatorTests
{
    private const string Simple = "name: s\nrequirements: {attribute_checks: [{attribute: go, operator: EQ, value: true}]}\n";
    private const string Repeatable = "name: s\nmultiple_callable: true\n";

    [Fact]
    public async Task A_created_document_that_meets_the_requirements_starts_the_stage()
    {
        var fixture = new EvaluationFixture(Simple);
        await fixture.AddAsync(properties: ("go", true));
        var run = await fixture.RunAsync();
        Assert.Equal((StageStatus.Active, "w1"), (run.Status, run.WorkflowId));
        Assert.Equal(DocumentStatus.Active, (await fixture.Store.GetAsync(EvaluationFixture.Id)).Status);
        var start = Assert.Single(fixture.Conductor.Starts);
        Assert.Equal(("stage_workflow", $"{EvaluationFixture.Id}-s-1"), (start.Name, start.CorrelationId));
        Assert.Equal("""{"go":true,"id":"00000000-0000-4000-8000-000000000001","status":"active","body":"The text.\n","stages":{"s":"active"}}""", start.Input!["doc"]!.ToJsonString());
        Assert.Contains("stage_workflow 1", fixture.Conductor.Writes);
    }

    [Fact]
    public async Task A_saved_document_starts_the_stage_once()
    {
        var fixture = new EvaluationFixture(Simple);
        await fixture.AddAsync();
        Assert.Empty(await fixture.RunsAsync());
        await fixture.SetAsync("go", true);
        await fixture.SetAsync("other", 1L);
        Assert.Single(await fixture.RunsAsync());
        Assert.Single(fixture.Conductor.Starts);
    }

    [Fact]
    public async Task A_start_that_cannot_be_sent_is_kept_and_sent_later()
    {
        var fixture = new EvaluationFixture(Simple);
        fixture.Conductor.IsAway = true;
        await fixture.AddAsync(properties: ("go", true));
        Assert.Equal(StageDecision.Pending, Assert.Single(Assert.Single(fixture.Reports).Outcomes).Decision);
        Assert.True(await fixture.RunAsync() is { Status: StageStatus.Active, WorkflowId: null });

        fixture.Conductor.IsAway = false;
        var sent = Assert.Single(await fixture.New().SendPendingStartsAsync());
        Assert.Equal((StageDecision.Started, "w1"), (sent.Decision, sent.Run!.WorkflowId));
        Assert.Equal(StageDecision.Running, Assert.Single(await fixture.New().SendPendingStartsAsync()).Decision);
        Assert.Single(fixture.Conductor.Starts);
    }

    [Fact]
    public async Task A_start_whose_answer_was_lost_is_found_again_and_not_repeated()
    {
        var fixture = new EvaluationFixture(Simple);
        fixture.Conductor.LostAnswer = new ConductorUnavailableException("http://away");
        await fixture.AddAsync(properties: ("go", true));
        Assert.Null((await fixture.RunAsync()).WorkflowId);
        await fixture.Evaluator.SendPendingStartsAsync();
        Assert.Equal("w1", (await fixture.RunAsync()).WorkflowId);
        Assert.Single(fixture.Conductor.Starts);
    }

    [Fact]
    public async Task Two_senders_at_once_leave_one_workflow()
    {
        var fixture = new EvaluationFixture(Simple);
        fixture.Conductor.IsAway = true;
        await fixture.AddAsync(properties: ("go", true));
        fixture.Conductor.IsAway = false;
        var both = new TaskCompletionSource();
        var waiting = 0;
        fixture.Conductor.BeforeStart = () =>
        {
            if (Interlocked.Increment(ref waiting) == 2)
            {
                both.SetResult();
            }

            return both.Task;
        };
        await Task.WhenAll(fixture.New().SendPendingStartsAsync(), fixture.New().SendPendingStartsAsync());
        var run = await fixture.RunAsync();
        Assert.Equal(2, fixture.Conductor.Workflows.Count);
        Assert.Equal(run.WorkflowId, Assert.Single(fixture.Conductor.Workflows.Values, workflow => !workflow.IsTerminal).WorkflowId);
    }

    [Fact]
    public async Task Many_evaluations_at_once_make_one_run()
    {
        var fixture = new EvaluationFixture(Simple);
        await fixture.AddAsync(DocumentStatus.Active);
        fixture.EvaluatesOnSave = false;
        await fixture.SetAsync("go", true);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => fixture.New().EvaluateAsync(EvaluationFixture.Id))));
        Assert.Single(await fixture.RunsAsync());
        Assert.Single(fixture.Conductor.Workflows.Values, workflow => !workflow.IsTerminal);
    }

    [Fact]
    public async Task A_refused_start_blocks_the_run_with_the_reason()
    {
        var fixture = new EvaluationFixture(Simple);
        fixture.Conductor.Refusal = ConductorException.BadRequest("no such workflow");
        await fixture.AddAsync(properties: ("go", true));
        var run = await fixture.RunAsync();
        Assert.Equal((StageStatus.Blocked, "the engine refused the start: no such workflow"), (run.Status, run.Reason));
    }

    [Fact]
    public async Task A_stage_with_an_unknown_workflow_is_blocked_and_offers_the_nearest()
    {
        var fixture = new EvaluationFixture("name: s\nworkflows: [{name: reserch_topic}]\n");
        await fixture.AddAsync();
        var run = await fixture.RunAsync();
        Assert.Equal((StageStatus.Blocked, "the workflow 'reserch_topic' does not exist. Did you mean 'research_topic'?"), (run.Status, run.Reason));
        Assert.Empty(fixture.Conductor.Starts);
    }

    [Fact]
    public async Task A_run_that_could_not_start_is_tried_again_by_a_process_that_begins_to_serve_and_by_no_save()
    {
        var fixture = new EvaluationFixture(Simple);
        fixture.Conductor.Refusal = ConductorException.BadRequest("no such workflow");
        await fixture.AddAsync(properties: ("go", true));
        Assert.Equal(StageDecision.Blocked, Assert.Single(await fixture.Evaluator.SendPendingStartsAsync()).Decision);
        fixture.Conductor.Refusal = null;
        await fixture.SetAsync("other", 1L);
        Assert.Equal(StageStatus.Blocked, (await fixture.RunAsync()).Status);
        Assert.Equal(StageDecision.Started, Assert.Single(await fixture.Evaluator.SendPendingStartsAsync()).Decision);
        var run = Assert.Single(await fixture.RunsAsync());
        Assert.Equal((StageStatus.Active, null, "w1"), (run.Status, run.Reason, run.WorkflowId));
    }

    [Fact]
    public async Task A_run_whose_workflow_is_unknown_is_blocked_and_starts_again_when_asked()
    {
        var fixture = new EvaluationFixture(Simple);
        await fixture.AddAsync(properties: ("go", true));
        fixture.Conductor.Forget("w1");
        await fixture.SetAsync("x", 1L);
        var run = await fixture.RunAsync();
        Assert.Equal(StageStatus.Blocked, run.Status);
        Assert.Contains("does not know its workflow w1", run.Reason, StringComparison.Ordinal);
        await fixture.SetAsync("x", 2L);
        Assert.Single(await fixture.RunsAsync());

        await fixture.Evaluator.EvaluateAsync(EvaluationFixture.Id, EvaluationOptions.Asked);
        Assert.Equal((StageStatus.Active, "w2"), ((await fixture.RunAsync(counter: 2)).Status, (await fixture.RunAsync(counter: 2)).WorkflowId));
    }

    [Fact]
    public async Task A_failed_workflow_that_could_not_close_its_run_blocks_it()
    {
        var fixture = new EvaluationFixture(Simple);
        await fixture.AddAsync(properties: ("go", true));
        fixture.Conductor.End("w1", WorkflowStatus.TERMINATED, "by hand");
        await fixture.Evaluator.SendPendingStartsAsync();
        Assert.Equal((StageStatus.Blocked, "its workflow w1 is TERMINATED: by hand"), ((await fixture.RunAsync()).Status, (await fixture.RunAsync()).Reason));
    }

    [Theory]
    [InlineData(DocumentStatus.Done, StageStatus.Cancelled, "the document is done")]
    [InlineData(DocumentStatus.Archived, StageStatus.Cancelled, "the document is archived")]
    [InlineData(DocumentStatus.Blocked, StageStatus.Blocked, "the document is blocked")]
    public async Task A_document_that_leaves_the_flow_ends_its_open_runs_and_their_workflows(DocumentStatus status, StageStatus expected, string reason)
    {
        var fixture = new EvaluationFixture(Simple);
        await fixture.AddAsync(properties: ("go", true));
        await fixture.SetStatusAsync(status);
        Assert.Equal((expected, reason), ((await fixture.RunAsync()).Status, (await fixture.RunAsync()).Reason));
        Assert.Equal(WorkflowStatus.TERMINATED, fixture.Conductor.Workflows["w1"].Status);

        await fixture.SetStatusAsync(DocumentStatus.Active);
        Assert.Equal(StageStatus.Active, (await fixture.RunAsync(counter: 2)).Status);
    }

    [Fact]
    public async Task Requirements_that_stop_holding_cancel_the_run_and_hold_again_start_another()
    {
        var fixture = new EvaluationFixture(Simple);
        await fixture.AddAsync(properties: ("go", true));
        await fixture.SetAsync("go", false);
        var run = await fixture.RunAsync();
        Assert.Equal((StageStatus.Cancelled, "its requirements stopped holding: 'go' must be EQ true, it is false"), (run.Status, run.Reason));
        Assert.Equal(WorkflowStatus.TERMINATED, fixture.Conductor.Workflows["w1"].Status);
        await fixture.SetAsync("go", true);
        Assert.Equal("w2", (await fixture.RunAsync(counter: 2)).WorkflowId);
    }

    [Fact]
    public async Task Ending_a_run_while_the_engine_is_away_warns_that_its_workflow_may_go_on()
    {
        var fixture = new EvaluationFixture(Simple);
        await fixture.AddAsync(properties: ("go", true));
        fixture.Conductor.IsAway = true;
        await fixture.SetStatusAsync(DocumentStatus.Done);
        Assert.Equal(StageStatus.Cancelled, (await fixture.RunAsync()).Status);
        Assert.Contains("w1 of stage 's' could not be ended", Assert.Single(fixture.Reports[^1].Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_done_stage_runs_again_only_when_asked_and_multiple_callable()
    {
        var fixture = new EvaluationFixture(Repeatable, "name: once\n");
        await fixture.AddAsync();
        await fixture.CloseAsync(StageStatus.Done);
        await fixture.CloseAsync(StageStatus.Done, "once");
        await fixture.SetAsync("x", 1L);
        await fixture.Evaluator.EvaluateAsync(EvaluationFixture.Id, EvaluationOptions.Asked);
        Assert.Equal(2, (await fixture.RunsAsync()).Count);
        await fixture.Evaluator.EvaluateAsync(EvaluationFixture.Id, EvaluationOptions.AskedForDocument);
        Assert.Equal([("once", 1), ("s", 1), ("s", 2)], (await fixture.RunsAsync()).Select(run => (run.StageName, run.Counter)));
    }

    [Fact]
    public async Task A_stage_follows_another_that_is_done()
    {
        var fixture = new EvaluationFixture(Repeatable, "name: t\nrequirements: {stages: {s: {status: done}}}\n");
        await fixture.AddAsync();
        Assert.Single(await fixture.RunsAsync());
        await fixture.CloseAsync(StageStatus.Done);
        var report = await fixture.Evaluator.EvaluateAsync(EvaluationFixture.Id);
        Assert.Equal("t", Assert.Single(report.Of(StageDecision.Started)).StageName);
    }

    [Fact]
    public async Task Only_the_workflow_of_a_run_can_close_it_and_a_cancelled_run_stays_cancelled()
    {
        var fixture = new EvaluationFixture(Simple);
        await fixture.AddAsync(properties: ("go", true));
        Assert.Equal(StageStatus.Active, (await fixture.Evaluator.CloseRunAsync(EvaluationFixture.Id, "s", 1, StageStatus.Blocked, "x", "another")).Status);
        await fixture.SetAsync("go", false);
        await fixture.CloseAsync(StageStatus.Done);
        Assert.Equal(StageStatus.Cancelled, (await fixture.RunAsync()).Status);
    }

    [Fact]
    public async Task A_workflow_that_was_retried_closes_the_run_it_blocked()
    {
        var fixture = new EvaluationFixture(Simple);
        await fixture.AddAsync(properties: ("go", true));
        await fixture.CloseAsync(StageStatus.Blocked);
        Assert.Equal("it failed", (await fixture.RunAsync()).Reason);
        await fixture.CloseAsync(StageStatus.Done);
        Assert.True(await fixture.RunAsync() is { Status: StageStatus.Done, Reason: null });
    }

    [Fact]
    public async Task When_decides_which_workflows_of_a_stage_are_run()
    {
        var fixture = new EvaluationFixture("name: s\nworkflows:\n  - {name: research_topic, when: \"doc.kind === 'a'\", inputs: {n: 1}}\n  - {name: blog_post_draft, when: 'doc.kind === \"b\"'}\n");
        await fixture.AddAsync(properties: ("kind", "a"));
        Assert.Equal("""[{"name":"research_topic","version":null,"inputs":{"n":1},"correlationId":null}]""", Assert.Single(fixture.Conductor.Starts).Input!["workflows"]!.ToJsonString());
    }

    [Fact]
    public async Task A_when_that_fails_blocks_the_run_and_says_where()
    {
        var fixture = new EvaluationFixture("name: s\nworkflows:\n  - {name: research_topic, when: doc.meta.kind === 1}\n");
        await fixture.AddAsync();
        var run = await fixture.RunAsync();
        Assert.Equal(StageStatus.Blocked, run.Status);
        Assert.StartsWith("'when' of the workflow 'research_topic' (stages/0.yml:3:34) failed:", run.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_no_eval_stage_starts_only_by_name()
    {
        var fixture = new EvaluationFixture("name: s\nno_eval: true\n");
        await fixture.AddAsync();
        Assert.Empty(await fixture.RunsAsync());
        Assert.Equal(StageDecision.Started, (await fixture.Evaluator.StartAsync("s", EvaluationFixture.Id)).Decision);
    }

    [Fact]
    public async Task A_stage_asked_for_by_name_says_why_it_does_not_start_and_force_starts_it()
    {
        var fixture = new EvaluationFixture(Simple);
        await fixture.AddAsync();
        var refusal = await Assert.ThrowsAsync<StageRefusedException>(() => fixture.Evaluator.StartAsync("s", EvaluationFixture.Id));
        Assert.Equal("Stage 's' does not start: its requirements do not hold: the attribute 'go' is missing. Use --force to start it all the same.", refusal.Message);
        await fixture.Evaluator.StartAsync("s", EvaluationFixture.Id, force: true);
        await fixture.SetAsync("x", 1L);
        Assert.Equal(StageStatus.Active, (await fixture.RunAsync()).Status);
        Assert.Contains("active as workflow w1", (await Assert.ThrowsAsync<StageRefusedException>(() => fixture.Evaluator.StartAsync("s", EvaluationFixture.Id, force: true))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scheduled_run_starts_when_its_requirements_hold()
    {
        var fixture = new EvaluationFixture(Simple);
        await fixture.AddAsync();
        await fixture.Store.CreateStageRunAsync(EvaluationFixture.Id, "s", counter => new StageRun { DocumentId = EvaluationFixture.Id, StageName = "s", Counter = counter });
        await fixture.SetAsync("x", 1L);
        Assert.Equal(StageStatus.Scheduled, (await fixture.RunAsync()).Status);
        await fixture.SetAsync("go", true);
        Assert.True(await fixture.RunAsync() is { Status: StageStatus.Active, WorkflowId: "w1" });
    }

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        var fixture = new EvaluationFixture(Simple);
        await fixture.AddAsync();
        fixture.EvaluatesOnSave = false;
        await fixture.SetAsync("go", true);
        var report = await fixture.Evaluator.EvaluateAsync(EvaluationFixture.Id, new EvaluationOptions { DryRun = true });
        Assert.Equal("run 1 starts", Assert.Single(report.Outcomes).Reason);
        Assert.Empty(await fixture.RunsAsync());
    }

    [Fact]
    public async Task A_run_that_took_an_old_counter_does_not_adopt_the_old_workflow()
    {
        var fixture = new EvaluationFixture(Simple);
        var other = new EvaluationFixture(Simple);
        await other.AddAsync(properties: ("go", true));
        var old = Assert.Single(other.Conductor.Starts);
        await ((IConductor)(object)fixture.Conductor).StartWorkflowAsync(old);
        fixture.Conductor.LostAnswer = new ConductorUnavailableException("http://away");
        await fixture.AddAsync(properties: ("go", true));
        await fixture.Evaluator.SendPendingStartsAsync();
        Assert.Equal("w2", (await fixture.RunAsync()).WorkflowId);
    }

    [Theory]
    [InlineData(Simple)]
    [InlineData("name: s\nrequirements: {attribute_checks: [{attribute: body, operator: REGEX, value: text}]}\n")]
    public async Task A_document_whose_evaluation_was_cut_off_is_evaluated_later(string stage)
    {
        var fixture = new EvaluationFixture(stage) { EvaluatesOnSave = false };
        await fixture.AddAsync(properties: ("go", true));
        Assert.Empty(await fixture.RunsAsync());
        var outcome = Assert.Single(await fixture.New().SendPendingStartsAsync());
        Assert.Equal((StageDecision.Started, "w1"), (outcome.Decision, (await fixture.RunAsync()).WorkflowId));
        await fixture.CloseAsync(StageStatus.Done);
        Assert.Empty(await fixture.New().SendPendingStartsAsync());
    }

    [Fact]
    public async Task A_status_change_whose_evaluation_was_cut_off_ends_open_runs_later()
    {
        var fixture = new EvaluationFixture(Simple);
        await fixture.AddAsync(properties: ("go", true));
        fixture.EvaluatesOnSave = false;
        await fixture.SetStatusAsync(DocumentStatus.Archived);
        Assert.Equal(StageDecision.Cancelled, Assert.Single(await fixture.Evaluator.SendPendingStartsAsync()).Decision);
        Assert.Equal(WorkflowStatus.TERMINATED, fixture.Conductor.Workflows["w1"].Status);
    }

    [Fact]
    public async Task Doing_what_was_left_undone_reads_only_documents_that_may_need_it()
    {
        var fixture = new EvaluationFixture(Simple);
        await fixture.AddAsync();
        Assert.Empty(await fixture.Evaluator.SendPendingStartsAsync());
        await fixture.SetAsync("go", true);
        await fixture.CloseAsync(StageStatus.Blocked);
        Assert.Equal((StageDecision.Skipped, "run 1 is blocked: it failed"), Assert.Single(await fixture.Evaluator.SendPendingStartsAsync()) is var left ? (left.Decision, left.Reason) : default);
        Assert.Single(fixture.Conductor.Starts);
    }
}
