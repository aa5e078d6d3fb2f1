namespace Idflow.Tasks.Text;

/// <summary>The text files of <c>Text/Resources</c>, embedded in the assembly.</summary>
internal static class TextResources
{
    public static IEnumerable<string> ReadLines(string name)
    {
        using var stream = typeof(TextResources).Assembly.GetManifestResourceStream("Idflow.Tasks.Text.Resources." + name)
            ?? throw new InvalidOperationException($"The assembly has no resource {name}.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
