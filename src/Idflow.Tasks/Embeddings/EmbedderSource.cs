using System.Collections.Concurrent;

namespace Idflow.Tasks.Embeddings;

/// <summary>The models of a process: each folder is opened once and shared by all tasks.</summary>
internal sealed class EmbedderSource(IReadOnlyList<string> parents, TimeProvider time) : IDisposable
{
    public const string DefaultModel = "all-MiniLM-L6-v2";

    private readonly ConcurrentDictionary<string, Lazy<EmbeddingModel>> _models = new();

    /// <summary>Null when no model folder has that name.</summary>
    /// <exception cref="ModelException">The folder is broken.</exception>
    public ITextEmbedder? Find(string name) => ModelFolder.Find(parents, name) is { } folder
        ? _models.GetOrAdd(folder.Path, _ => new(() => new EmbeddingModel(folder, time))).Value
        : null;

    public void Dispose()
    {
        foreach (var model in _models.Values.Where(model => model.IsValueCreated))
        {
            model.Value.Dispose();
        }
    }
}
