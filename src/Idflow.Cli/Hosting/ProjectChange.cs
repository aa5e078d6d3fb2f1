using Idflow.Documents;
using Idflow.Pipeline.Evaluation;
using Idflow.Pipeline.Sources;
using Idflow.Workers.Sources;

namespace Idflow.Cli.Hosting;

/// <summary>What became of a project's files after they changed while it is served.</summary>
internal sealed record ProjectChange
{
    /// <summary>Stage and workflow files that count from now on, or are gone.</summary>
    public IReadOnlyList<string> Read { get; init; } = [];

    /// <summary>What is wrong with stages and workflows that was not wrong before.</summary>
    public IReadOnlyList<SourceError> Problems { get; init; } = [];

    /// <summary>Task sources whose new state is served now.</summary>
    public IReadOnlyList<string> Serving { get; init; } = [];

    /// <summary>Task sources that cannot be used any more; their last good state goes on.</summary>
    public IReadOnlyList<TaskSourceException> Broken { get; init; } = [];

    /// <summary>Definitions that the engine refused.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>Files that are read at the start only.</summary>
    public IReadOnlyList<string> NeedsRestart { get; init; } = [];

    /// <summary>Documents that were changed by hand, each with what became of its stages.</summary>
    public IReadOnlyList<EvaluationReport> Evaluated { get; init; } = [];

    /// <summary>What is wrong with documents that was not wrong before.</summary>
    public IReadOnlyList<DocumentProblem> DocumentProblems { get; init; } = [];

    public bool IsEmpty => Read.Count + Problems.Count + Serving.Count + Broken.Count + Refused.Count + NeedsRestart.Count + Evaluated.Count + DocumentProblems.Count == 0;
}
