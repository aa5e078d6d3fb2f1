using Idflow.Tasks.Embeddings;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Tasks.Tests.Embeddings;

public sealed class EmbeddingModelTests
{
    [Fact]
    public void Token_ids_equal_the_recorded_ones()
    {
        var tokenizer = new WordPieceTokenizer(TestModels.Folder.VocabularyFile);
        var cases = TestModels.Data("tokenizer-golden.json")["cases"]!.AsArray();
        Assert.Equal(200, cases.Count);
        Assert.All(cases, example =>
        {
            var text = (string)example!["text"]!;
            Assert.Equal(example["input_ids"]!.AsArray().Select(id => (int)id!), tokenizer.Encode(text, 256));
            Assert.Equal((int)example["fullLength"]!, tokenizer.Pieces(text).Count + 2);
        });
    }

    [Fact]
    public void Vectors_equal_the_recorded_ones()
    {
        var cases = TestModels.Data("embedding-golden.json")["cases"]!.AsArray();
        var vectors = TestModels.MiniLm.Embed([.. cases.Select(example => (string)example!["text"]!)]);
        for (var index = 0; index < cases.Count; index++)
        {
            var expected = cases[index]!["vector"]!.AsArray().Select(value => (float)value!).ToArray();
            Assert.Equal(1, Vectors.Cosine(expected, vectors[index]), 4);
        }
    }

    [Fact]
    public void A_vector_does_not_depend_on_its_batch()
    {
        var alone = TestModels.MiniLm.Embed(["steam ships"])[0];
        var together = TestModels.MiniLm.Embed([string.Join(' ', Enumerable.Repeat("canal", 100)), "steam ships", ""])[1];
        Assert.Equal(1, Vectors.Dot(alone, together), 5);
    }

    [Fact]
    public void The_model_leaves_the_memory_when_idle_and_comes_back()
    {
        var time = new FakeTimeProvider();
        using var model = new EmbeddingModel(TestModels.Folder, time);
        Assert.False(model.IsLoaded);
        model.CountTokens("one");
        Assert.True(model.IsLoaded);
        time.Advance(EmbeddingModel.IdleTime);
        Assert.False(model.IsLoaded);
        Assert.Equal(1, model.CountTokens("one"));
    }

    [Fact]
    public void A_changed_file_is_named()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in new[] { "model.json", "SHA256SUMS" })
        {
            File.Copy(Path.Combine(TestModels.Folder.Path, file), Path.Combine(folder.Path, file));
        }

        File.WriteAllText(Path.Combine(folder.Path, "model.onnx"), "not a model");
        var error = Assert.Throws<ModelException>(() => ModelFolder.Open(folder.Path).Verify());
        Assert.Contains("model.onnx does not have the SHA-256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kept_vectors_survive_a_torn_end_and_a_new_process()
    {
        using var folder = new TemporaryFolder();
        var first = new VectorCache(TestModels.MiniLm, folder.Path).Embed(["a canal", "a ship"]);
        var file = Directory.GetFiles(Path.Combine(folder.Path, "vectors")).Single();
        using (var stream = File.Open(file, FileMode.Append))
        {
            stream.Write(new byte[100]);
        }

        var counting = new CountingEmbedder(TestModels.MiniLm);
        var again = new VectorCache(counting, folder.Path).Embed(["a ship", "a canal", "a road"]);
        Assert.Equal(first[1], again[0]);
        Assert.Equal(first[0], again[1]);
        Assert.Equal(1, counting.Texts);
        Assert.Equal(0, new FileInfo(file).Length % (32 + (4 * 384)));
    }

    private sealed class CountingEmbedder(ITextEmbedder inner) : ITextEmbedder
    {
        public int Texts { get; private set; }

        public string Name => inner.Name;

        public int Dimension => inner.Dimension;

        public int MaxTokens => inner.MaxTokens;

        public int CountTokens(string text) => inner.CountTokens(text);

        public IReadOnlyList<float[]> Embed(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
        {
            Texts += texts.Count;
            return inner.Embed(texts, cancellationToken);
        }
    }
}
