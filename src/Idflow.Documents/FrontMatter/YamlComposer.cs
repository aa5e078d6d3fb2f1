using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Idflow.Documents.FrontMatter;

/// <summary>
/// Builds the node tree of one YAML document from YamlDotNet's events. Bounded: depth 100, and 1,000,000 nodes with aliases
/// followed, so that no input makes a reader run away.
/// </summary>
internal sealed class YamlComposer
{
    private const int DeepestLevel = 100;
    private const long MostNodes = 1_000_000;

    private readonly Parser _parser;
    private readonly Dictionary<string, YamlNode?> _anchors = new(StringComparer.Ordinal);

    private YamlComposer(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>The root node; null when the text holds none.</summary>
    /// <exception cref="YamlFormatException">The text is not one YAML document.</exception>
    public static YamlNode? Compose(string text)
    {
        var composer = new YamlComposer(text);
        try
        {
            return composer.ComposeDocument();
        }
        catch (YamlException error)
        {
            throw Conflict(text, error) ?? new YamlFormatException((int)error.Start.Line, (int)error.Start.Column, Sentence(error.Message), error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException or NullReferenceException)
        {
            // YamlDotNet's scanner throws these on some broken input, such as a list that is not closed; they name no place.
            var last = composer._parser.Current?.End ?? Mark.Empty;
            throw Conflict(text, error) ?? new YamlFormatException(Math.Max(1, (int)last.Line), Math.Max(1, (int)last.Column), "not valid YAML from here on; look for a bracket or quote that is not closed", error);
        }
    }

    /// <summary>The place of a merge that git left to a person, where it makes the text unreadable; else null.</summary>
    private static YamlFormatException? Conflict(string text, Exception error)
    {
        var lines = text.Split('\n');
        var at = Array.FindIndex(lines, line => line.StartsWith("<<<<<<< ", StringComparison.Ordinal));
        return at < 0 ? null : new YamlFormatException(at + 1, 1, "a merge conflict of git begins here; keep the lines that are right and delete the lines `<<<<<<<`, `=======` and `>>>>>>>`", error);
    }

    private static string Sentence(string message)
    {
        // YamlDotNet puts the place before the message in some versions; the place is reported apart.
        var end = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        var sentence = (end < 0 ? message : message[(end + 3)..]).TrimEnd('.');
        return sentence.Length == 0 ? "not valid YAML"
            : sentence.Contains("tab", StringComparison.OrdinalIgnoreCase) && sentence.Contains("indentation", StringComparison.Ordinal) ? "a tab cannot indent YAML; use spaces"
            : sentence == "While parsing a block mapping, did not find expected key" ? "this line is not `key: value` in line with the keys above it; look for a missing colon, a wrong indentation or a quote that is not closed"
            : sentence.StartsWith("While scanning a simple key, could not find expected ':'", StringComparison.Ordinal) ? "a line that begins a key and has no colon; write `key: value`, or put a text of several lines in quotes"
            : char.ToLowerInvariant(sentence[0]) + sentence[1..];
    }

    private YamlNode? ComposeDocument()
    {
        Next<StreamStart>();
        if (_parser.Current is StreamEnd)
        {
            return null;
        }

        Next<DocumentStart>();
        var root = ComposeNode(1);
        Next<DocumentEnd>();
        return _parser.Current is StreamEnd
            ? root
            : throw Error(_parser.Current!, "a second YAML document begins here; a front matter holds only one");
    }

    private void Next<T>()
        where T : ParsingEvent
    {
        if (_parser.Current is null)
        {
            _parser.MoveNext();
        }

        if (_parser.Current is not T)
        {
            throw Error(_parser.Current!, "not valid YAML");
        }

        _parser.MoveNext();
    }

    private YamlNode ComposeNode(int depth)
    {
        var current = _parser.Current!;
        if (depth > DeepestLevel)
        {
            throw Error(current, $"nested deeper than {DeepestLevel} levels");
        }

        YamlNode node = current switch
        {
            AnchorAlias alias => ComposeAlias(alias),
            Scalar scalar => ComposeScalar(scalar),
            SequenceStart sequence => ComposeSequence(sequence, depth),
            MappingStart mapping => ComposeMapping(mapping, depth),
            _ => throw Error(current, "not valid YAML"),
        };
        return node.Size <= MostNodes ? node : throw Error(current, $"more than {MostNodes} values once the aliases are followed");
    }

    private YamlAlias ComposeAlias(AnchorAlias alias)
    {
        _parser.MoveNext();
        return _anchors.TryGetValue(alias.Value.Value, out var target)
            ? target is null
                ? throw Error(alias, $"the alias *{alias.Value.Value} stands inside the value it names")
                : new YamlAlias(alias.Start, (int)alias.End.Index, target) { Size = target.Size }
            : throw Error(alias, $"the alias *{alias.Value.Value} has no anchor &{alias.Value.Value} before it");
    }

    private YamlScalar ComposeScalar(Scalar scalar)
    {
        _parser.MoveNext();
        var node = new YamlScalar(scalar.Start, (int)scalar.End.Index, scalar.Value, scalar.Style) { Anchor = Begin(scalar), Tag = TagOf(scalar) };
        return Remember(node);
    }

    private YamlSequence ComposeSequence(SequenceStart start, int depth)
    {
        _parser.MoveNext();
        var node = new YamlSequence(start.Start, (int)start.End.Index, start.Style == SequenceStyle.Flow) { Anchor = Begin(start), Tag = TagOf(start) };
        while (_parser.Current is not SequenceEnd)
        {
            var item = ComposeNode(depth + 1);
            node.Items.Add(item);
            node.Size += item.Size;
            node.End = item.End;
        }

        return Close(node, node.IsFlow);
    }

    private YamlMapping ComposeMapping(MappingStart start, int depth)
    {
        _parser.MoveNext();
        var node = new YamlMapping(start.Start, (int)start.End.Index, start.Style == MappingStyle.Flow) { Anchor = Begin(start), Tag = TagOf(start) };
        while (_parser.Current is not MappingEnd)
        {
            var key = ComposeNode(depth + 1);
            if (key is not YamlScalar)
            {
                throw new YamlFormatException(key.Line, key.Column, "a key must be a single text, not a list, a map or an alias");
            }

            var value = ComposeNode(depth + 1);
            node.Entries.Add(new YamlEntry(key, value));
            node.Size += value.Size;
            node.End = value.End;
        }

        return Close(node, node.IsFlow);
    }

    private T Close<T>(T node, bool isFlow)
        where T : YamlNode
    {
        if (isFlow)
        {
            // The end event of a flow collection stands before its bracket.
            node.End = (int)_parser.Current!.Start.Index + 1;
        }

        _parser.MoveNext();
        return Remember(node);
    }

    private string? Begin(NodeEvent node)
    {
        if (node.Anchor.IsEmpty)
        {
            return null;
        }

        _anchors[node.Anchor.Value] = null;
        return node.Anchor.Value;
    }

    private T Remember<T>(T node)
        where T : YamlNode
    {
        if (node.Anchor is not null)
        {
            _anchors[node.Anchor] = node;
        }

        return node;
    }

    private static string? TagOf(NodeEvent node) => node.Tag.IsEmpty ? null : node.Tag.Value;

    private static YamlFormatException Error(ParsingEvent at, string message) => new((int)at.Start.Line, (int)at.Start.Column, message);
}
