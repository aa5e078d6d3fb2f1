using Idflow.Documents.FrontMatter;
using Idflow.Documents.Model;

namespace Idflow.Documents.Markdown;

/// <summary>Making and changing files of front matter and body, whatever they stand for.</summary>
internal static class MarkdownFile
{
    public static string Create(PropertyMap keys, string body) => $"---\n{YamlWriter.Write(keys)}---\n{NormalizeBody(body)}";

    /// <summary>A body in the form that is stored: line ends as LF, a text ends with one.</summary>
    public static string NormalizeBody(string body)
    {
        body = MarkdownText.NormalizeLineEnds(body);
        return body.Length == 0 || body.EndsWith('\n') ? body : body + "\n";
    }

    /// <summary><paramref name="keys"/> with what differs between two states of the properties.</summary>
    public static PropertyMap WithProperties(PropertyMap keys, PropertyMap before, PropertyMap after)
    {
        foreach (var (key, value) in before)
        {
            keys = after.ContainsKey(key) ? keys : keys.Without(key);
        }

        foreach (var (key, value) in after)
        {
            keys = before.TryGetValue(key, out var old) && PropertyValue.Same(old, value) ? keys : keys.With(key, value);
        }

        return keys;
    }

    /// <summary>The file with other keys and another body; what does not change keeps its bytes.</summary>
    public static string Edit(MarkdownText source, PropertyMap keysBefore, PropertyMap keysAfter, string bodyBefore, string bodyAfter, IReadOnlySet<string> lastKeys)
    {
        var text = FrontMatterEditor.Edit(source, keysBefore, keysAfter, lastKeys);
        return bodyAfter == bodyBefore ? text : WithBody(MarkdownText.Split(text), NormalizeBody(bodyAfter));
    }

    private static string WithBody(MarkdownText source, string body)
    {
        body = body.Replace("\n", source.NewLine, StringComparison.Ordinal);
        var head = source.Text[..source.BodyStart];
        if (source.HasFrontMatter && source.IsClosed)
        {
            var ended = head.EndsWith('\n') || head.EndsWith('\r') || body.Length == 0;
            return ended ? head + body : head + source.NewLine + body;
        }

        var fence = "---" + source.NewLine;
        if (source.HasFrontMatter)
        {
            var ended = head.EndsWith('\n') || head.EndsWith('\r');
            return head + (ended ? "" : source.NewLine) + fence + body;
        }

        // A body that begins like a front matter needs one before it.
        var text = head + body;
        return MarkdownText.Split(text).HasFrontMatter ? head + fence + fence + body : text;
    }
}
