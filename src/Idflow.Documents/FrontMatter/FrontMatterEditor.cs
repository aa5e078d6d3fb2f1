using Idflow.Documents.Markdown;
using Idflow.Documents.Model;

namespace Idflow.Documents.FrontMatter;

/// <summary>
/// Changes keys of a front matter and leaves every other byte of the file as it is. The result is read again before it is
/// returned: an edit in place that would not say exactly what was asked (odd but valid YAML) gives way to a front matter written anew.
/// </summary>
internal static class FrontMatterEditor
{
    private const string Fence = "---";

    /// <param name="source">The file.</param>
    /// <param name="before">All keys that its front matter has.</param>
    /// <param name="after">All keys that it shall have, normalised; their order counts only for new ones.</param>
    /// <param name="last">Keys that stay at the end: new ones come before them.</param>
    /// <returns>The whole text of the file.</returns>
    /// <exception cref="DocumentException">A value cannot be written so that it reads back.</exception>
    public static string Edit(MarkdownText source, PropertyMap before, PropertyMap after, IReadOnlySet<string> last)
    {
        if (PropertyValue.Same(before, after))
        {
            return source.Text;
        }

        if (!source.HasFrontMatter)
        {
            return Checked(WithYaml(source, WriteAnew(source, after)), source, after)
                ?? throw NotReadable();
        }

        return InPlace(source, before, after, last, takesBlankLines: false)
            ?? InPlace(source, before, after, last, takesBlankLines: true)
            ?? Checked(WithYaml(source, WriteAnew(source, after)), source, after)
            ?? throw NotReadable();
    }

    private static DocumentException NotReadable() =>
        new("The properties cannot be written as YAML that reads back the same; nothing was changed.");

    private static string? InPlace(MarkdownText source, PropertyMap before, PropertyMap after, IReadOnlySet<string> last, bool takesBlankLines)
    {
        var yaml = source.Yaml.ToString();
        var edits = new TextEdits(yaml, source.NewLine);
        try
        {
            switch (FrontMatterReader.Compose(yaml))
            {
                case null:
                    edits.Insert(yaml.Length, YamlWriter.WriteEntries(after, 0));
                    break;
                case YamlMapping { IsFlow: false, Anchor: null, Tag: null } mapping:
                    var changed = before.Where(entry => !after.TryGetValue(entry.Key, out var value) || !PropertyValue.Same(entry.Value, value)).Select(entry => entry.Key);
                    new BlockMapEditor(new Layout(yaml), edits, takesBlankLines).Edit(mapping, before, after, Anchors.DependentsOf(mapping, changed), last);
                    break;
                default:
                    return null;
            }

            return Checked(WithYaml(source, edits.Apply()), source, after);
        }
        catch (EditRefusedException)
        {
            return null;
        }
    }

    private static string WriteAnew(MarkdownText source, PropertyMap keys) =>
        YamlWriter.Write(keys).Replace("\n", source.NewLine, StringComparison.Ordinal);

    private static string WithYaml(MarkdownText source, string yaml)
    {
        var (head, tail) = (source.Text[..source.YamlStart], source.Text[source.YamlEnd..]);
        return source.HasFrontMatter
            ? head + yaml + tail
            : head + Fence + source.NewLine + yaml + Fence + source.NewLine + tail;
    }

    /// <summary>The text if it reads as it should and kept the body; else null.</summary>
    private static string? Checked(string text, MarkdownText source, PropertyMap after)
    {
        var edited = MarkdownText.Split(text);
        try
        {
            return edited.HasFrontMatter
                && edited.Text.AsSpan(edited.BodyStart).SequenceEqual(source.Text.AsSpan(source.BodyStart))
                && PropertyValue.Same(FrontMatterReader.ReadFull(edited.Yaml.ToString()), PropertyValue.Normalize(after))
                    ? text
                    : null;
        }
        catch (YamlFormatException)
        {
            return null;
        }
    }
}
