namespace Idflow.Documents.Model;

/// <summary>One run of a stage on a document: <c>stages/&lt;name&gt;/&lt;counter&gt;/</c>. Counters start at 1.</summary>
public sealed record StageRun
{
    public required string DocumentId { get; init; }
    public required string StageName { get; init; }
    public required int Counter { get; init; }
    public StageStatus Status { get; init; } = StageStatus.Scheduled;

    /// <summary>The workflow that runs this stage; absent on an active run = the start is still to be sent.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>Why the run is blocked or cancelled.</summary>
    public string? Reason { get; init; }

    /// <summary>Other keys of <c>stage.md</c>.</summary>
    public PropertyMap Properties { get; init; } = PropertyMap.Empty;
    public string Body { get; init; } = "";

    /// <summary>Names of the stored results, without <c>.md</c>.</summary>
    public IReadOnlyList<string> Results { get; init; } = [];
}

/// <summary>State of a stage run.</summary>
public enum StageStatus { Scheduled, Active, Done, Blocked, Cancelled }

/// <summary>A result in the folder of a stage run: <c>&lt;Name&gt;.md</c>; the name may have a folder (<c>sources/1</c>).</summary>
public sealed record StageResult(string Name, PropertyMap Properties, string Body);
