using YamlDotNet.Core;

namespace Idflow.Documents.FrontMatter;

/// <summary>A node of a front matter with its place in the text (UTF-16 indexes), so that edits can touch it alone.</summary>
internal abstract class YamlNode(Mark start, int end)
{
    public int Start { get; } = (int)start.Index;

    /// <summary>Line from 1 inside the parsed text.</summary>
    public int Line { get; } = (int)start.Line;

    /// <summary>Column from 1.</summary>
    public int Column { get; } = (int)start.Column;

    /// <summary>Where the text of the node ends; of block styles, where the text of its last item ends.</summary>
    public int End { get; set; } = end;

    public string? Anchor { get; init; }

    /// <summary>The tag in full, or null.</summary>
    public string? Tag { get; init; }

    /// <summary>Nodes in the tree below, aliases followed: bounds what an alias can blow up.</summary>
    public long Size { get; set; } = 1;
}

internal sealed class YamlScalar(Mark start, int end, string text, ScalarStyle style) : YamlNode(start, end)
{
    public string Text { get; } = text;

    public ScalarStyle Style { get; } = style;

    public bool IsPlain => Style is ScalarStyle.Plain or ScalarStyle.Any;

    public bool IsBlock => Style is ScalarStyle.Literal or ScalarStyle.Folded;
}

internal sealed class YamlSequence(Mark start, int end, bool isFlow) : YamlNode(start, end)
{
    public bool IsFlow { get; } = isFlow;

    public List<YamlNode> Items { get; } = [];
}

internal sealed class YamlMapping(Mark start, int end, bool isFlow) : YamlNode(start, end)
{
    public bool IsFlow { get; } = isFlow;

    public List<YamlEntry> Entries { get; } = [];
}

internal sealed record YamlEntry(YamlNode Key, YamlNode Value)
{
    /// <summary>The key of the property: the text as written (a key <c>2</c> or <c>yes</c> stays <c>2</c> or <c>yes</c>).</summary>
    public string Name => ((YamlScalar)Key).Text;

    public bool IsMerge => Key is YamlScalar { IsPlain: true, Text: "<<", Tag: null };
}

internal sealed class YamlAlias(Mark start, int end, YamlNode target) : YamlNode(start, end)
{
    public YamlNode Target { get; } = target;
}
