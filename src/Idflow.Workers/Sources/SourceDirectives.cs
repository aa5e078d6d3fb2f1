namespace Idflow.Workers.Sources;

/// <summary>The <c>#:</c> lines of a file-based program: packages, properties, projects.</summary>
internal static class SourceDirectives
{
    /// <summary>The directives with their line numbers (from 1). They stand before the first line of code.</summary>
    public static IReadOnlyList<(int Line, string Text)> Of(string source)
    {
        var found = new List<(int, string)>();
        var number = 0;
        foreach (var line in source.AsSpan().EnumerateLines())
        {
            number++;
            var text = line.TrimStart();
            if (text.StartsWith("#:"))
            {
                found.Add((number, text[2..].Trim().ToString()));
            }
            else if (text.Length > 0 && !text.StartsWith("//") && !text.StartsWith("#!"))
            {
                break;
            }
        }

        return found;
    }
}
