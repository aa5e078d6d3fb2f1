using System.Globalization;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.Cli.Hosting;

/// <summary>Waits until the workers have nothing left to do.</summary>
/// <param name="engine">The engine.</param>
/// <param name="fleet">The workers of this process.</param>
/// <param name="time">The clock.</param>
internal sealed class IdleWatcher(EngineAccess engine, WorkerFleet fleet, TimeProvider time)
{
    /// <summary>Running workflows that are looked at in one check; with more, there is certainly work.</summary>
    private const int MostWorkflows = 500;

    /// <summary>A worker elsewhere that polled within this time serves its tasks.</summary>
    private static readonly TimeSpan PollMemory = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);

    /// <summary>So long the workers must be quiet before a look, since one finished task leads to the next.</summary>
    private static readonly TimeSpan QuietBefore = TimeSpan.FromMilliseconds(60);

    /// <param name="horizon">Timers due later are not waited for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is left, none of it doable.</returns>
    public async Task<WorkLeft> WaitAsync(DateTimeOffset? horizon, CancellationToken cancellationToken)
    {
        // An end is believed when it is seen twice: on a server an event may just be starting the next workflow.
        var seen = 0;
        while (true)
        {
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            if (fleet.Tracker.Quiet < QuietBefore)
            {
                seen = 0;
                continue;
            }

            // Before and after: a workflow that ends between the two leaves its effects behind, and what they start is seen the next time.
            var effects = engine.HasOpenEffects;
            var left = await LookAsync(horizon, cancellationToken).ConfigureAwait(false);
            seen = effects || engine.HasOpenEffects || left.Doable || fleet.Tracker.Quiet < QuietBefore ? 0 : seen + 1;
            if (seen == 2)
            {
                return left;
            }
        }
    }

    /// <summary>The workflows that ended without success since a time; parents of a failed sub-workflow come with it.</summary>
    public async Task<IReadOnlyList<WorkflowSummary>> FailedSinceAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var from = since.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var found = await engine.Conductor.SearchWorkflowsAsync(
            new SearchRequest { Query = $"status IN (FAILED,TIMED_OUT,TERMINATED) AND endTime > {from}", Size = 100, Sort = "endTime:ASC" }, cancellationToken).ConfigureAwait(false);
        return found.Results;
    }

    private async Task<WorkLeft> LookAsync(DateTimeOffset? horizon, CancellationToken cancellationToken)
    {
        var open = await engine.Conductor.SearchWorkflowsAsync(new SearchRequest { Query = "status IN (RUNNING,PAUSED)", Size = MostWorkflows }, cancellationToken).ConfigureAwait(false);
        if (open.TotalHits > MostWorkflows)
        {
            return WorkLeft.Nothing with { Doable = true };
        }

        var elsewhere = await PolledElsewhereAsync(open.Results.Count, cancellationToken).ConfigureAwait(false);
        var left = WorkLeft.Nothing;
        foreach (var summary in open.Results)
        {
            left = left.With(await OfAsync(summary.WorkflowId!, elsewhere, horizon, cancellationToken).ConfigureAwait(false));
        }

        return left;
    }

    private async Task<WorkLeft> OfAsync(string workflowId, IReadOnlySet<string> elsewhere, DateTimeOffset? horizon, CancellationToken cancellationToken)
    {
        try
        {
            var workflow = await engine.Conductor.GetWorkflowAsync(workflowId, includeTasks: true, cancellationToken).ConfigureAwait(false);
            return workflow.IsTerminal ? WorkLeft.Nothing : WorkLeft.Of(workflow, t => fleet.Served.Contains(t) || elsewhere.Contains(t), time.GetUtcNow(), horizon);
        }
        catch (ConductorException e) when (e.Status == 404)
        {
            return WorkLeft.Nothing;
        }
    }

    private async Task<IReadOnlySet<string>> PolledElsewhereAsync(int openWorkflows, CancellationToken cancellationToken)
    {
        if (openWorkflows == 0)
        {
            return new HashSet<string>();
        }

        var since = (time.GetUtcNow() - PollMemory).ToUnixTimeMilliseconds();
        var polls = await engine.Conductor.GetPollDataAsync(null, cancellationToken).ConfigureAwait(false);
        return polls.Where(p => p.LastPollTime >= since && p.QueueName is not null && p.WorkerId?.StartsWith(fleet.Prefix + ":", StringComparison.Ordinal) != true)
            .Select(p => p.QueueName!.Split(':')[^1]).ToHashSet();
    }
}
