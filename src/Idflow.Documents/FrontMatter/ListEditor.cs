using System.Buffers;
using Idflow.Documents.Model;

namespace Idflow.Documents.FrontMatter;

/// <summary>Edits a list in place: items that stay keep their lines; to a one-line flow list items are appended.</summary>
internal sealed class ListEditor(Layout layout, TextEdits edits)
{
    private static readonly SearchValues<char> FlowIndicators = SearchValues.Create(",[]{}:?\n");

    /// <exception cref="EditRefusedException">The list is written in a form that cannot be edited in place.</exception>
    public void Edit(YamlSequence sequence, int colon, IReadOnlyList<object?> before, IReadOnlyList<object?> after)
    {
        if (sequence.Items.Count == 0 || sequence.Items.Count != before.Count)
        {
            throw new EditRefusedException();
        }

        if (sequence.IsFlow)
        {
            AppendToFlow(sequence, before, after);
        }
        else if (sequence.Start > layout.LineEnd(colon))
        {
            EditBlock(sequence, before, after);
        }
        else
        {
            throw new EditRefusedException();
        }
    }

    private void EditBlock(YamlSequence sequence, IReadOnlyList<object?> before, IReadOnlyList<object?> after)
    {
        var indent = layout.IndentOf(layout.LineStart(sequence.Items[0].Start));
        foreach (var item in sequence.Items)
        {
            CheckLine(item, indent);
        }

        var most = Math.Min(before.Count, after.Count);
        var head = 0;
        while (head < most && PropertyValue.Same(before[head], after[head]))
        {
            head++;
        }

        var tail = 0;
        while (tail < most - head && PropertyValue.Same(before[before.Count - 1 - tail], after[after.Count - 1 - tail]))
        {
            tail++;
        }

        var lines = YamlWriter.WriteItems(after.Take(after.Count - tail).Skip(head), indent);
        var removed = before.Count - tail - head;
        if (removed > 0)
        {
            var start = layout.LineStart(sequence.Items[head].Start);
            edits.Replace(start, layout.NextLine(layout.EndOf(sequence.Items[head + removed - 1], indent)), lines);
        }
        else if (head < before.Count)
        {
            edits.Insert(layout.LineStart(sequence.Items[head].Start), lines);
        }
        else
        {
            var end = layout.EndOf(sequence.Items[^1], indent);
            var next = layout.NextLine(end);
            edits.Insert(next, next == layout.LineEnd(end) ? "\n" + lines : lines);
        }
    }

    /// <summary>Each item must begin on a line of its own, behind one dash.</summary>
    private void CheckLine(YamlNode item, int indent)
    {
        var lineStart = layout.LineStart(item.Start);
        var prefix = layout.Text.AsSpan(lineStart, item.Start - lineStart);
        if (layout.IndentOf(lineStart) != indent || !prefix[indent..].StartsWith("-") || !prefix[(indent + 1)..].Trim(' ').IsEmpty)
        {
            throw new EditRefusedException();
        }
    }

    private void AppendToFlow(YamlSequence sequence, IReadOnlyList<object?> before, IReadOnlyList<object?> after)
    {
        if (after.Count < before.Count || before.Where((item, index) => !PropertyValue.Same(item, after[index])).Any() || layout.LineEnd(sequence.Start) < sequence.End)
        {
            throw new EditRefusedException();
        }

        var items = after.Skip(before.Count).Select(FlowItem);
        edits.Insert(sequence.Items[^1].End, string.Concat(items.Select(item => ", " + item)));
    }

    private static string FlowItem(object? item)
    {
        if (item is PropertyMap or IReadOnlyList<object?>)
        {
            throw new EditRefusedException();
        }

        var text = YamlWriter.WriteAfterColon(item, 0, 0).Trim(' ');
        return text.AsSpan().ContainsAny(FlowIndicators) && text[0] is not ('\'' or '"') ? "'" + text + "'" : text;
    }
}
