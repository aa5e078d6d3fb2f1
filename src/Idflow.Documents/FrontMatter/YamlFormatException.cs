namespace Idflow.Documents.FrontMatter;

/// <summary>The front matter cannot be read; line and column count from 1 inside the front matter text.</summary>
internal sealed class YamlFormatException(int line, int column, string message, Exception? inner = null) : Exception(message, inner)
{
    public int Line { get; } = line;

    public int Column { get; } = column;
}
