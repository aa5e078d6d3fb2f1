namespace Idflow.Pipeline.Sources;

/// <summary>An error in a file: where (line and column from 1; 0 = the file as a whole), what is wrong and how to mend it.</summary>
public sealed record SourceError(string Path, int Line, int Column, string Message)
{
    /// <summary>True where the file can be used all the same.</summary>
    public bool IsWarning { get; init; }

    public override string ToString() => Line > 0 ? $"{Path}:{Line}:{Column}: {Message}" : $"{Path}: {Message}";
}
