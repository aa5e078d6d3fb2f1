namespace Idflow.Tasks.Embeddings;

/// <summary>Turns texts into vectors of length 1; the cosine of two is their dot product.</summary>
internal interface ITextEmbedder
{
    string Name { get; }

    int Dimension { get; }

    /// <summary>Longest input in tokens; the rest of a text is cut.</summary>
    int MaxTokens { get; }

    /// <summary>One vector per text, in order.</summary>
    IReadOnlyList<float[]> Embed(IReadOnlyList<string> texts, CancellationToken cancellationToken = default);

    /// <summary>Tokens of a text, without a cut and without the special ones.</summary>
    int CountTokens(string text);
}
