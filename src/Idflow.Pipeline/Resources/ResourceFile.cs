using Idflow.Pipeline.Sources;

namespace Idflow.Pipeline.Resources;

/// <summary>A file of one of the layers that make up a project's resources.</summary>
/// <param name="RelativePath">Its path inside the layer, with <c>/</c>: <c>stages/review.yml</c>.</param>
/// <param name="Origin">The layer: <c>core</c>, <c>vendor:NAME</c> or <c>project</c>.</param>
/// <param name="Location">How messages name it: relative to the project, or <c>core:stages/review.yml</c>.</param>
/// <param name="Open">Opens it for reading.</param>
public sealed record ResourceFile(string RelativePath, string Origin, string Location, Func<Stream> Open)
{
    /// <summary>The part after the last <c>/</c>.</summary>
    public string Name => RelativePath[(RelativePath.LastIndexOf('/') + 1)..];

    /// <exception cref="DefinitionException">The file cannot be read.</exception>
    public string ReadText()
    {
        try
        {
            using var reader = new StreamReader(Open());
            return reader.ReadToEnd();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DefinitionException([new SourceError(Location, 0, 0, $"The file cannot be read: {error.Message}")]);
        }
    }
}
