namespace Idflow.Architecture.Tests;

/// <summary>Source lines as the rules look at them.</summary>
internal static class SourceText
{
    /// <summary>The lines of a C# file; lines that are only a comment are empty, so that numbers stay true.</summary>
    public static IReadOnlyList<string> WithoutComments(string text) =>
        [.. text.Split('\n').Select(line => line.TrimStart().StartsWith("//", StringComparison.Ordinal) ? "" : line)];
}
