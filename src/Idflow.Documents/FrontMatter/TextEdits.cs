using System.Text;

namespace Idflow.Documents.FrontMatter;

/// <summary>Replacements at places of one text, made all at once.</summary>
/// <param name="text">The text.</param>
/// <param name="newLine">What a line feed in a replacement becomes.</param>
internal sealed class TextEdits(string text, string newLine = "\n")
{
    private readonly List<(int Start, int End, string Replacement)> _edits = [];

    public void Replace(int start, int end, string replacement) =>
        _edits.Add((start, end, replacement.Replace("\n", newLine, StringComparison.Ordinal)));

    public void Insert(int at, string inserted) => Replace(at, at, inserted);

    /// <summary>Edits of the same text that can still be given up.</summary>
    public TextEdits Nested() => new(text, newLine);

    public void Add(TextEdits other) => _edits.AddRange(other._edits);

    /// <exception cref="EditRefusedException">Two edits overlap.</exception>
    public string Apply()
    {
        var result = new StringBuilder(text.Length + 64);
        var position = 0;
        foreach (var (start, end, replacement) in _edits.OrderBy(edit => edit.Start).ThenBy(edit => edit.End))
        {
            if (start < position)
            {
                throw new EditRefusedException();
            }

            result.Append(text, position, start - position).Append(replacement);
            position = end;
        }

        return result.Append(text, position, text.Length - position).ToString();
    }
}

/// <summary>A piece of YAML is written in a form that is not edited in place; something larger around it must be rewritten.</summary>
internal sealed class EditRefusedException : Exception;
