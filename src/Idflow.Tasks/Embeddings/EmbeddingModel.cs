using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Idflow.Tasks.Embeddings;

/// <summary>
/// A sentence model in ONNX Runtime. Loaded and verified at first use, shared by all threads, unloaded after
/// <see cref="IdleTime"/> without use.
/// </summary>
internal sealed class EmbeddingModel(ModelFolder folder, TimeProvider time) : ITextEmbedder, IDisposable
{
    /// <summary>Tokens (with padding) in one run of the model: bounds its memory, and small runs pad less and stay in the processor's cache.</summary>
    private const int TokensPerBatch = 512;

    private readonly Lock _gate = new();
    private Loaded? _loaded;
    private int _users;
    private ITimer? _idle;
    private bool _disposed;

    /// <summary>Unused this long, the model leaves the memory.</summary>
    public static TimeSpan IdleTime { get; } = TimeSpan.FromMinutes(5);

    public string Name => folder.Name;

    public int Dimension => folder.Dimension;

    public int MaxTokens => folder.MaxTokens;

    public bool IsLoaded
    {
        get
        {
            lock (_gate)
            {
                return _loaded is not null;
            }
        }
    }

    /// <exception cref="ModelException">The model cannot be loaded; the message names the file.</exception>
    public IReadOnlyList<float[]> Embed(IReadOnlyList<string> texts, CancellationToken cancellationToken = default) => Use(loaded =>
    {
        var vectors = new float[texts.Count][];
        var encoded = texts.Select(text => loaded.Tokenizer.Encode(text, folder.MaxTokens)).ToArray();
        var order = Enumerable.Range(0, texts.Count).OrderBy(index => encoded[index].Length).ToArray();
        for (var first = 0; first < order.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = 1;
            while (first + count < order.Length && (count + 1) * encoded[order[first + count]].Length <= TokensPerBatch)
            {
                count++;
            }

            RunBatch(loaded.Session, order.AsSpan(first, count), encoded, vectors);
            first += count;
        }

        return (IReadOnlyList<float[]>)vectors;
    });

    public int CountTokens(string text) => Use(loaded => loaded.Tokenizer.Pieces(text).Count);

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _idle?.Dispose();
            _loaded?.Session.Dispose();
            _loaded = null;
        }
    }

    private void RunBatch(InferenceSession session, ReadOnlySpan<int> batch, int[][] encoded, float[][] vectors)
    {
        var length = encoded[batch[^1]].Length;
        var ids = new DenseTensor<long>([batch.Length, length]);
        var mask = new DenseTensor<long>([batch.Length, length]);
        var types = new DenseTensor<long>([batch.Length, length]);
        for (var row = 0; row < batch.Length; row++)
        {
            var tokens = encoded[batch[row]];
            for (var column = 0; column < tokens.Length; column++)
            {
                ids[row, column] = tokens[column];
                mask[row, column] = 1;
            }
        }

        using var results = session.Run(
            [NamedOnnxValue.CreateFromTensor("input_ids", ids), NamedOnnxValue.CreateFromTensor("attention_mask", mask), NamedOnnxValue.CreateFromTensor("token_type_ids", types)],
            ["sentence_embedding"]);
        var output = (DenseTensor<float>)results[0].AsTensor<float>();
        for (var row = 0; row < batch.Length; row++)
        {
            vectors[batch[row]] = output.Buffer.Span.Slice(row * folder.Dimension, folder.Dimension).ToArray();
        }
    }

    private T Use<T>(Func<Loaded, T> work)
    {
        Loaded loaded;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            loaded = _loaded ??= Load();
            _users++;
        }

        try
        {
            return work(loaded);
        }
        finally
        {
            lock (_gate)
            {
                _users--;
                _idle ??= time.CreateTimer(_ => Unload(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _idle.Change(IdleTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Unload()
    {
        lock (_gate)
        {
            if (_users == 0)
            {
                _loaded?.Session.Dispose();
                _loaded = null;
            }
        }
    }

    private Loaded Load()
    {
        folder.Verify();
        try
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = Math.Min(4, Environment.ProcessorCount),
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            };
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            return new(new InferenceSession(folder.ModelFile, options), new WordPieceTokenizer(folder.VocabularyFile));
        }
        catch (Exception error) when (error is OnnxRuntimeException or IOException or DllNotFoundException or TypeInitializationException)
        {
            throw new ModelException($"{folder.ModelFile} cannot be loaded: {error.Message}", error);
        }
    }

    private sealed record Loaded(InferenceSession Session, WordPieceTokenizer Tokenizer);
}
