using System.Collections.Concurrent;

namespace Idflow.Tasks.Embeddings;

/// <summary>The models of a process: each folder is opened once and shared by all tasks.</summary>
internal sealed class EmbedderSource(IReadOnlyList<string> parents, TimeProvider time, Func<ITextEmbedder, ITextEmbedder>? decorate = null) : IDisposable
{
    public const string DefaultModel = "all-MiniLM-L6-v2";

    private readonly ConcurrentDictionary<string, Lazy<(EmbeddingModel Model, ITextEmbedder Shown)>> _models = new();

    /// <summary>Null when no model folder has that name.</summary>
    /// <exception cref="ModelException">The folder is broken.</exception>
    public ITextEmbedder? Find(string name) => ModelFolder.Find(parents, name) is { } folder
        ? _models.GetOrAdd(folder.Path, _ => new(() => Open(folder))).Value.Shown
        : null;

    private (EmbeddingModel, ITextEmbedder) Open(ModelFolder folder)
    {
        var model = new EmbeddingModel(folder, time);
        return (model, decorate?.Invoke(model) ?? model);
    }

    public void Dispose()
    {
        foreach (var model in _models.Values.Where(model => model.IsValueCreated))
        {
            model.Value.Model.Dispose();
        }
    }
}
