using System.Text.Json.Nodes;
using Idflow.Tasks.Embeddings;

namespace Idflow.Tasks.Tests;

/// <summary>The shipped model, loaded once for all tests.</summary>
internal static class TestModels
{
    private static readonly Lazy<EmbeddingModel> Model = new(() => new EmbeddingModel(Folder, TimeProvider.System));

    public static string Parent { get; } = Path.Combine(AppContext.BaseDirectory, "models");

    public static ModelFolder Folder => ModelFolder.Find([Parent], "all-MiniLM-L6-v2")!;

    public static EmbeddingModel MiniLm => Model.Value;

    public static JsonNode Data(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", name)))!;
}
