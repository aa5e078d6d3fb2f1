using Idflow.Cli.Hosting;
using Idflow.Conductor.Model;
using Idflow.Pipeline.Evaluation;
using Idflow.Workers.Sources;

namespace Idflow.Cli.Rendering;

/// <summary>What a person is told when engine and workers start and when they end.</summary>
internal static class HostReport
{
    private const int MostShown = 20;

    public static void Started(Output output, PipelineHost host)
    {
        Problems(output, host);
        foreach (var stage in host.AtStart.Where(stage => stage.Decision == StageDecision.Blocked).Take(MostShown))
        {
            output.Warn($"A stage is blocked: {Of(stage)}");
        }

        output.Progress(host.Fleet.Served.Count == 0
            ? "No workers run here."
            : $"Workers serve {Counted.Of(host.Fleet.Served.Count, "task")}: {string.Join(", ", host.Fleet.Served.Order(StringComparer.Ordinal))}.");
        output.Line($"{host.Engine.Url}/api");
    }

    /// <summary>Definitions that were refused, and tasks that cannot be served.</summary>
    public static void Problems(Output output, PipelineHost host)
    {
        foreach (var refused in host.Registered.Refused)
        {
            output.Warn($"The engine refused a definition: {refused}");
        }

        Broken(output, host.Tasks.Broken);
    }

    /// <summary>What became of files that changed while the project is served.</summary>
    public static void Changed(Output output, ProjectChange change)
    {
        if (change.Read.Count > 0)
        {
            output.Progress($"Read anew: {string.Join(", ", change.Read.Take(MostShown))}{(change.Read.Count > MostShown ? $" and {change.Read.Count - MostShown} more" : "")}.");
        }

        foreach (var problem in change.Problems)
        {
            output.Warn(problem.ToString());
        }

        foreach (var file in change.NeedsRestart)
        {
            output.Warn($"{file} changed; it is read at the start only. Stop this process and start it again.");
        }

        if (change.Serving.Count > 0)
        {
            output.Progress($"Serving anew: {string.Join(", ", change.Serving)}.");
        }

        Documents(output, change);
        foreach (var refused in change.Refused)
        {
            output.Warn($"The engine refused a definition: {refused}");
        }

        foreach (var error in change.Broken)
        {
            output.Warn($"The task source '{error.TaskSource.Name}' cannot be used; what was served before goes on:\n{error.Message}");
        }
    }

    private static void Documents(Output output, ProjectChange change)
    {
        foreach (var problem in change.DocumentProblems.Take(MostShown))
        {
            output.Warn($"{problem.Path}{(problem.Line > 0 ? $":{problem.Line}" : "")}: {problem.Message}");
        }

        foreach (var report in change.Evaluated)
        {
            foreach (var outcome in report.Outcomes.Where(outcome => outcome.Decision is not (StageDecision.Running or StageDecision.Skipped)))
            {
                output.Progress($"{report.DocumentId} {outcome.StageName}: {outcome.Decision.ToString().ToLowerInvariant()}, {outcome.Reason}");
            }

            foreach (var warning in report.Warnings)
            {
                output.Warn(warning);
            }
        }
    }

    public static void Broken(Output output, IEnumerable<TaskSourceException> broken)
    {
        foreach (var error in broken)
        {
            output.Warn($"The task source '{error.TaskSource.Name}' cannot be used:\n{error.Message}");
        }
    }

    public static void Ended(Output output, PipelineHost host, RunResult result)
    {
        var tracker = host.Fleet.Tracker;
        Failed(output, result);

        List(output, [.. result.Unstarted.Select(Of)], "stage cannot start", "stages cannot start");
        List(output, result.Left.Unserved, "task is left that no worker serves", "tasks are left that no worker serves");
        List(output, result.Left.Waiting, "task is left waiting", "tasks are left waiting");
        List(output, [.. result.Lost.Where(stage => !IsOf(stage, result.Failed)).Select(Of)], "stage lost its workflow", "stages lost their workflow");
        List(
            output, [.. result.Blocked.Except(result.Lost).Where(stage => !IsOf(stage, result.Failed)).Select(Of)],
            "stage was blocked before; 'idflow stage evaluate --all' starts it again", "stages were blocked before; 'idflow stage evaluate --all' starts them again");

        if (result.TimedOut)
        {
            output.Error("The time is up and not all work is done.", "Go on with 'idflow run'.");
        }

        output.Progress($"{Counted.Of(tracker.Done, "task")} done" + (tracker.Failed > 0 ? $", {Counted.Of(tracker.Failed, "attempt")} failed" : "") + (result.Failed.Count > 0 ? $", {Counted.Of(result.Failed.Count, "workflow")} failed" : "") + ".");
    }

    private static void Failed(Output output, RunResult result)
    {
        foreach (var stage in result.Blocked.Where(stage => IsOf(stage, result.Failed)).Take(MostShown))
        {
            output.Error($"A stage failed: {Of(stage)}", null);
        }

        var others = result.Failed.Where(failed => string.IsNullOrEmpty(failed.ParentWorkflowId) && !result.Blocked.Any(stage => IsOf(stage, [failed])));
        foreach (var failed in others.Take(MostShown))
        {
            output.Error($"The workflow {failed.WorkflowType} ({failed.WorkflowId}) is {failed.Status}: {failed.ReasonForIncompletion}", null);
        }
    }

    private static bool IsOf(StageOutcome stage, IEnumerable<WorkflowSummary> workflows) => workflows.Any(workflow => workflow.WorkflowId == stage.Run?.WorkflowId);

    private static void List(Output output, IReadOnlyList<object> work, string one, string many)
    {
        if (work.Count == 0)
        {
            return;
        }

        output.Warn($"{work.Count} {(work.Count == 1 ? one : many)}:");
        Lines(output, work);
    }

    private static string Of(StageOutcome stage) => $"{stage.Run?.DocumentId} {stage.StageName}: {stage.Run?.Reason ?? stage.Reason}";

    private static void Lines(Output output, IReadOnlyList<object> work)
    {
        foreach (var item in work.Take(MostShown))
        {
            output.Line(item.ToString()!);
        }

        if (work.Count > MostShown)
        {
            output.Line($".. and {work.Count - MostShown} more");
        }
    }
}
