using System.Collections.Immutable;
using Idflow.Documents.Model;
using Microsoft.Extensions.Logging;

namespace Idflow.Documents.Stores;

/// <summary>
/// The hooks of a store, called in the order in which they were added; hooks may be added while the store is in use, so that one can
/// hold the store. A Before hook runs while the document is locked and must not change that document itself; an After hook runs when the change is
/// on disk and the lock is gone.
/// </summary>
public sealed class DocumentHooks
{
    private ImmutableList<IDocumentHook> _hooks = [];

    public void Add(IDocumentHook hook) => ImmutableInterlocked.Update(ref _hooks, hooks => hooks.Add(hook));

    internal bool IsEmpty => _hooks.IsEmpty;

    /// <summary>Runs Before hooks; the first exception refuses the change.</summary>
    internal async Task BeforeAsync(Func<IDocumentHook, Task> call)
    {
        foreach (var hook in _hooks)
        {
            await call(hook);
        }
    }

    /// <summary>Runs After hooks; the change stands whatever they do, so their exceptions are logged.</summary>
    internal async Task AfterAsync(Document document, Func<IDocumentHook, Task> call, ILogger logger)
    {
        foreach (var hook in _hooks)
        {
            try
            {
                await call(hook);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                logger.LogError(error, "The hook {Hook} failed after document {DocumentId} was changed", hook.GetType().Name, document.Id);
            }
        }
    }
}
