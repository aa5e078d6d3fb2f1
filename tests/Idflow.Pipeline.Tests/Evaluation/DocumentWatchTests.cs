using Idflow.Documents.Model;
using Idflow.Pipeline.Evaluation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Idflow.Pipeline.Tests.Evaluation;

/// <summary>Documents that change without an evaluation, as by an editor or git.</summary>
public sealed class DocumentWatchTests
{
    private readonly EvaluationFixture _fixture = new("name: s\nrequirements: {attribute_checks: [{attribute: go, operator: EQ, value: true}]}\n") { EvaluatesOnSave = false };
    private readonly DocumentWatch _watch;

    public DocumentWatchTests() => _watch = new DocumentWatch(_fixture.Store, _fixture.Evaluator, NullLogger.Instance);

    [Fact]
    public async Task A_changed_document_is_evaluated_once_it_has_come_to_rest()
    {
        await _fixture.AddAsync();
        await _watch.BeginAsync();
        Assert.Empty((await _watch.LookAsync()).Evaluated);

        await _fixture.SetAsync("go", true);
        Assert.Empty((await _watch.LookAsync()).Evaluated);
        await _fixture.SetAsync("more", 1L);
        Assert.Empty((await _watch.LookAsync()).Evaluated);
        Assert.Empty(_fixture.Conductor.Starts);

        var report = Assert.Single((await _watch.LookAsync()).Evaluated);
        Assert.Equal(StageDecision.Started, Assert.Single(report.Outcomes).Decision);
        Assert.Equal(StageStatus.Active, (await _fixture.RunAsync()).Status);
        await _watch.LookAsync();
        await _watch.LookAsync();
        Assert.Empty((await _watch.LookAsync()).Evaluated);
        Assert.Single(_fixture.Conductor.Starts);
    }

    [Fact]
    public async Task A_document_that_was_there_before_is_left_alone_and_one_that_comes_is_not()
    {
        await _fixture.AddAsync(properties: ("go", true));
        await _watch.BeginAsync();
        await _watch.LookAsync();
        await _watch.LookAsync();
        Assert.Empty(_fixture.Conductor.Starts);

        await _fixture.Store.DeleteAsync(EvaluationFixture.Id);
        await _watch.LookAsync();
        await _fixture.AddAsync(properties: ("go", true));
        await _watch.LookAsync();
        Assert.Equal(EvaluationFixture.Id, Assert.Single((await _watch.LookAsync()).Evaluated).DocumentId);
        Assert.Single(_fixture.Conductor.Starts);
    }

    [Fact]
    public async Task A_document_whose_requirements_stop_holding_cancels_its_run()
    {
        await _fixture.AddAsync(properties: ("go", true));
        await _fixture.Evaluator.EvaluateAsync(EvaluationFixture.Id);
        await _watch.BeginAsync();
        await _fixture.SetAsync("go", false);
        await _watch.LookAsync();

        Assert.Equal(StageDecision.Cancelled, Assert.Single(Assert.Single((await _watch.LookAsync()).Evaluated).Outcomes).Decision);
        Assert.Equal(StageStatus.Cancelled, (await _fixture.RunAsync()).Status);
    }
}
