using Idflow.Documents.Model;

namespace Idflow.Pipeline.Evaluation;

/// <summary>Keys of <c>stage.md</c> that the pipeline writes, beside those of <see cref="StageRun"/>.</summary>
internal static class StageRunKeys
{
    /// <summary>Unique for the run: tells its workflow from one of an earlier run that had the same counter.</summary>
    public const string StartKey = "start_key";

    /// <summary>True: started without regard to the requirements.</summary>
    public const string Forced = "forced";

    /// <summary>Which rule ended the run: <see cref="ByDocument"/> or <see cref="ByRequirements"/>.</summary>
    public const string EndedBy = "ended_by";

    public const string ByDocument = "document";
    public const string ByRequirements = "requirements";

    public static string? StartKeyOf(StageRun run) => run.Properties.TryGetValue(StartKey, out var value) ? value as string : null;

    public static bool IsForced(StageRun run) => run.Properties.TryGetValue(Forced, out var value) && value is true;

    public static string? EndedByOf(StageRun run) => run.Properties.TryGetValue(EndedBy, out var value) ? value as string : null;

    public static bool IsOpen(StageRun run) => run.Status is StageStatus.Scheduled or StageStatus.Active;

    /// <summary>Blocked because its workflow could not be started, not by what the workflow did.</summary>
    public static bool IsUnstarted(StageRun run) => run is { Status: StageStatus.Blocked, WorkflowId: null } && StartKeyOf(run) is not null && EndedByOf(run) is null;

    public static string CorrelationId(StageRun run) => $"{run.DocumentId}-{run.StageName}-{run.Counter}";
}
