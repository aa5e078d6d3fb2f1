using System.Text.Json.Nodes;
using Idflow.Tasks.Embeddings;

namespace Idflow.Tasks.Tests;

/// <summary>The shipped model, loaded once for all tests.</summary>
internal static class TestModels
{
    private static readonly Lazy<EmbeddingModel> Model = new(() => new EmbeddingModel(Folder, TimeProvider.System));

    public static string Parent { get; } = Path.Combine(AppContext.BaseDirectory, "models");

    private static readonly Lazy<ITextEmbedder> Memory = new(() => new Remembering(Model.Value));

    /// <summary>Finds the shipped model by its name; each text is embedded once in the whole test run.</summary>
    public static Func<string, ITextEmbedder?> Find { get; } = name => name.Equals("all-MiniLM-L6-v2", StringComparison.OrdinalIgnoreCase) ? Memory.Value : null;

    public static ModelFolder Folder => ModelFolder.Find([Parent], "all-MiniLM-L6-v2")!;

    public static EmbeddingModel MiniLm => Model.Value;

    public static JsonNode Data(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", name)))!;

    /// <summary>Embeds each text once in the whole test run.</summary>
    private sealed class Remembering(ITextEmbedder inner) : ITextEmbedder
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, float[]> _known = new();

        public string Name => inner.Name;

        public int Dimension => inner.Dimension;

        public int MaxTokens => inner.MaxTokens;

        public int CountTokens(string text) => inner.CountTokens(text);

        public IReadOnlyList<float[]> Embed(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
        {
            var missing = texts.Where(text => !_known.ContainsKey(text)).Distinct().ToList();
            var made = inner.Embed(missing, cancellationToken);
            for (var index = 0; index < missing.Count; index++)
            {
                _known[missing[index]] = made[index];
            }

            return [.. texts.Select(text => _known[text])];
        }
    }
}
