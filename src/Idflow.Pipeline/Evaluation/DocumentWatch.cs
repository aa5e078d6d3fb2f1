using Idflow.Documents;
using Microsoft.Extensions.Logging;

namespace Idflow.Pipeline.Evaluation;

/// <summary>
/// Evaluates documents that an editor or git changed while a process serves. It compares the stamps of all documents, which miss no kind
/// of edit on any file system; a document counts once two looks in a row saw the same, so that one which is still being written is left alone.
/// Not thread-safe.
/// </summary>
/// <param name="store">The documents.</param>
/// <param name="evaluator">Evaluates those that changed, as after a save.</param>
/// <param name="logger">Gets a line for a document that could not be evaluated; it is tried again at the next look.</param>
public sealed class DocumentWatch(IDocumentStore store, StageEvaluator evaluator, ILogger logger)
{
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private readonly HashSet<DocumentProblem> _told = [];
    private Dictionary<string, long> _evaluated = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, long> _seen = new Dictionary<string, long>();
    private HashSet<DocumentProblem> _problems = [];

    /// <summary>Takes the documents as they are for known: what changes from now on is evaluated.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken = default)
    {
        var now = await store.GetStampsAsync(cancellationToken).ConfigureAwait(false);
        _evaluated = new Dictionary<string, long>(now.Stamps, StringComparer.Ordinal);
        _told.UnionWith(now.Problems);
    }

    /// <summary>Looks once, and evaluates the documents that changed and have come to rest since the look before.</summary>
    public async Task<WatchReport> LookAsync(CancellationToken cancellationToken = default)
    {
        var now = await store.GetStampsAsync(cancellationToken).ConfigureAwait(false);
        var reports = new List<EvaluationReport>();
        foreach (var (id, stamp) in now.Stamps.Where(document => IsChanged(document) && IsStill(document)))
        {
            if (await TryEvaluateAsync(id, cancellationToken).ConfigureAwait(false) is { } report)
            {
                _evaluated[id] = stamp;
                reports.Add(report);
            }
        }

        _seen = now.Stamps;
        foreach (var gone in _evaluated.Count > now.Stamps.Count ? _evaluated.Keys.Where(id => !now.Stamps.ContainsKey(id)).ToList() : [])
        {
            _evaluated.Remove(gone);
        }

        return new WatchReport(reports, NewProblems(now.Problems));
    }

    private bool IsChanged(KeyValuePair<string, long> document) => !_evaluated.TryGetValue(document.Key, out var stamp) || stamp != document.Value;

    private bool IsStill(KeyValuePair<string, long> document) => _seen.TryGetValue(document.Key, out var stamp) && stamp == document.Value;

    private async Task<EvaluationReport?> TryEvaluateAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var report = await evaluator.EvaluateAsync(id, EvaluationOptions.Automatic, cancellationToken).ConfigureAwait(false);
            _failed.Remove(id);
            return report;
        }
        catch (DocumentNotFoundException)
        {
            // It went away meanwhile.
            return null;
        }
        catch (Exception error) when (error is DocumentException or PipelineException or Conductor.ConductorException or IOException or UnauthorizedAccessException)
        {
            if (_failed.Add(id))
            {
                logger.LogError(error, "The changed document {Document} could not be evaluated", id);
            }

            return null;
        }
    }

    /// <summary>Those that stood there at two looks in a row and were not told since they came.</summary>
    private List<DocumentProblem> NewProblems(IReadOnlyList<DocumentProblem> problems)
    {
        var before = _problems;
        _problems = [.. problems];
        _told.IntersectWith(_problems);
        return [.. problems.Where(problem => before.Contains(problem) && _told.Add(problem))];
    }
}

/// <summary>What a look at the documents led to.</summary>
/// <param name="Evaluated">The documents that changed, each with what became of its stages.</param>
/// <param name="Problems">What is wrong with documents that was not wrong before.</param>
public sealed record WatchReport(IReadOnlyList<EvaluationReport> Evaluated, IReadOnlyList<DocumentProblem> Problems);
