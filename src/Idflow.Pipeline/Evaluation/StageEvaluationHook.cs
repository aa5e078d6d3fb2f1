using Idflow.Documents;
using Idflow.Documents.Model;

namespace Idflow.Pipeline.Evaluation;

/// <summary>
/// Evaluates a document's stages after it was created or saved. A save that the evaluation itself makes (an inbox document
/// becomes active) does not evaluate again.
/// </summary>
/// <param name="evaluator">The evaluator, made when first needed: it works on the store that calls this hook.</param>
/// <param name="observe">Told what each evaluation did, for a command to report; null = nobody.</param>
public sealed class StageEvaluationHook(Func<StageEvaluator> evaluator, Action<EvaluationReport>? observe = null) : IDocumentHook
{
    public Task AfterCreateAsync(Document document, CancellationToken cancellationToken) => EvaluateAsync(document, cancellationToken);

    public Task AfterSaveAsync(Document before, Document after, CancellationToken cancellationToken) => EvaluateAsync(after, cancellationToken);

    private async Task EvaluateAsync(Document document, CancellationToken cancellationToken)
    {
        if (StageEvaluator.IsEvaluating)
        {
            return;
        }

        var report = await evaluator().EvaluateAsync(document, EvaluationOptions.Automatic, cancellationToken).ConfigureAwait(false);
        observe?.Invoke(report);
    }
}
