using Idflow.Documents.Model;

namespace Idflow.Documents.FrontMatter;

/// <summary>
/// Edits a block mapping in place: removes, changes and adds entries by touching only their lines. A comment behind a value on its line
/// stays, comments on lines of their own stay, changes inside nested maps and lists touch only what changed there.
/// </summary>
/// <param name="layout">The text.</param>
/// <param name="edits">Takes the edits.</param>
/// <param name="takesBlankLines">Removes the blank lines behind a removed key too: behind a <c>|+</c> block they would become a part of it.</param>
internal sealed class BlockMapEditor(Layout layout, TextEdits edits, bool takesBlankLines = false)
{
    /// <param name="mapping">A block mapping whose entries begin on lines of their own.</param>
    /// <param name="before">What it says.</param>
    /// <param name="after">What it shall say.</param>
    /// <param name="forced">Keys that are rewritten though their value is the same (they need an anchor that goes away).</param>
    /// <param name="last">Keys that stay at the end: new ones come before them.</param>
    /// <exception cref="EditRefusedException">The mapping is written in a form that cannot be edited in place.</exception>
    public void Edit(YamlMapping mapping, PropertyMap before, PropertyMap after, IReadOnlySet<string> forced, IReadOnlySet<string> last)
    {
        var indent = layout.IndentOf(layout.LineStart(mapping.Entries[0].Key.Start));
        var written = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries.Where(entry => !entry.IsMerge))
        {
            CheckLine(entry, indent);
            written[entry.Name] = entry;
            if (!after.ContainsKey(entry.Name))
            {
                var next = layout.NextLine(layout.EndOf(entry.Value, indent));
                edits.Replace(layout.LineStart(entry.Key.Start), takesBlankLines ? layout.SkipBlankLines(next) : next, "");
            }
        }

        if (before.Any(entry => !after.ContainsKey(entry.Key) && !written.ContainsKey(entry.Key)))
        {
            // A merged key cannot be taken away without the merge.
            throw new EditRefusedException();
        }

        foreach (var (name, entry) in written)
        {
            if (after.TryGetValue(name, out var value) && (forced.Contains(name) || !PropertyValue.Same(before[name], value)))
            {
                EditEntry(entry, indent, before[name], value, isForced: forced.Contains(name));
            }
        }

        var added = after.Where(entry => !written.ContainsKey(entry.Key) && !(before.TryGetValue(entry.Key, out var old) && PropertyValue.Same(old, entry.Value))).ToList();
        if (added.Count > 0)
        {
            Append(mapping, indent, YamlWriter.WriteEntries(added, indent), last);
        }
    }

    private void CheckLine(YamlEntry entry, int indent)
    {
        var lineStart = layout.LineStart(entry.Key.Start);
        var prefix = layout.Text.AsSpan(lineStart, entry.Key.Start - lineStart);
        if (layout.IndentOf(lineStart) != indent || !prefix.Trim(" ").TrimStart('?').Trim(" ").IsEmpty)
        {
            throw new EditRefusedException();
        }
    }

    private void Append(YamlMapping mapping, int indent, string lines, IReadOnlySet<string> last)
    {
        var index = mapping.Entries.Count;
        while (index > 0 && last.Contains(mapping.Entries[index - 1].Name))
        {
            index--;
        }

        if (index < mapping.Entries.Count)
        {
            edits.Insert(layout.LineStart(mapping.Entries[index].Key.Start), lines);
            return;
        }

        var end = layout.EndOf(mapping.Entries[^1].Value, indent);
        var next = layout.NextLine(end);
        var needsBreak = next == layout.LineEnd(end);
        edits.Insert(next, needsBreak ? "\n" + lines : lines);
    }

    private void EditEntry(YamlEntry entry, int indent, object? before, object? after, bool isForced)
    {
        var colon = layout.AfterColon(entry);
        if (colon < 0 || entry.Name.Length > 100)
        {
            edits.Replace(layout.LineStart(entry.Key.Start), layout.LineEnd(layout.EndOf(entry.Value, indent)), YamlWriter.WriteEntries([new(entry.Name, after)], indent).TrimEnd('\n'));
        }
        else if (isForced || !TryEditInside(entry.Value, colon, before, after))
        {
            ReplaceValue(entry.Value, colon, indent, after);
        }
    }

    /// <summary>Changes only a part of a nested map or list, if it is written so that this is possible.</summary>
    private bool TryEditInside(YamlNode node, int colon, object? before, object? after)
    {
        if (node.Tag is not null || Anchors.IsDefinedIn(node))
        {
            return false;
        }

        var inner = edits.Nested();
        try
        {
            switch (node, before, after)
            {
                case (YamlMapping { IsFlow: false } mapping, PropertyMap old, PropertyMap { Count: > 0 } changed) when node.Start > layout.LineEnd(colon):
                    new BlockMapEditor(layout, inner, takesBlankLines).Edit(mapping, old, changed, Anchors.None, Anchors.None);
                    break;
                case (YamlSequence sequence, IReadOnlyList<object?> old, IReadOnlyList<object?> { Count: > 0 } changed):
                    new ListEditor(layout, inner).Edit(sequence, colon, old, changed);
                    break;
                default:
                    return false;
            }
        }
        catch (EditRefusedException)
        {
            return false;
        }

        edits.Add(inner);
        return true;
    }

    private void ReplaceValue(YamlNode node, int colon, int indent, object? value)
    {
        var rendered = YamlWriter.WriteAfterColon(value, colon - layout.LineStart(colon), indent);
        var isBlock = rendered.StartsWith('\n');
        var keyLineEnd = layout.LineEnd(colon);
        var end = layout.EndOf(node, indent);
        if (node is YamlScalar { IsPlain: true, Text: "", Anchor: null, Tag: null })
        {
            ReplaceAll(colon, keyLineEnd, comment: layout.Text[colon..keyLineEnd]);
        }
        else if (node is YamlScalar { IsBlock: true })
        {
            ReplaceAll(colon, end, CommentIn(layout.Text[node.Start..layout.LineEnd(node.Start)]));
        }
        else if (node is YamlMapping { IsFlow: false } or YamlSequence { IsFlow: false })
        {
            ReplaceAll(colon, layout.LineEnd(end), node.Start > keyLineEnd ? layout.Text[colon..keyLineEnd] : "");
        }
        else if (isBlock || node.Start > keyLineEnd)
        {
            ReplaceAll(colon, layout.LineEnd(end), layout.Text[end..layout.LineEnd(end)]);
        }
        else
        {
            edits.Replace(node.Start, end, rendered.TrimStart(' '));
        }

        void ReplaceAll(int from, int to, string comment)
        {
            comment = comment.TrimEnd();
            edits.Replace(from, to, isBlock ? comment + rendered : rendered + comment);
        }
    }

    private static string CommentIn(string header)
    {
        var comment = header.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? "" : header[comment..];
    }
}
