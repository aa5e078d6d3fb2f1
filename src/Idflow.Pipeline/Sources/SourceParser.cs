using Idflow.Documents.FrontMatter;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Idflow.Pipeline.Sources;

/// <summary>Reads a YAML file into nodes that know their place.</summary>
internal static class SourceParser
{
    /// <summary>Most nodes of a file, with every use of an alias counted: an alias bomb is refused.</summary>
    private const int MostNodes = 100_000;

    private const int MostDepth = 100;

    /// <summary>The root of the file's one document; null for an empty file.</summary>
    /// <exception cref="DefinitionException">The text is not YAML, repeats a key, or is too large.</exception>
    public static SourceNode? Parse(string text, string path)
    {
        var scanner = new Scanner(new StringReader(text));
        try
        {
            return new Reader(new Parser(scanner), path).Document();
        }
        catch (YamlException error)
        {
            throw new DefinitionException([new SourceError(path, (int)error.Start.Line, (int)error.Start.Column, $"This is not valid YAML: {Sentence(error)}")]);
        }
        catch (InvalidOperationException)
        {
            // The scanner answers some texts with this instead of a YamlException.
            var at = scanner.CurrentPosition;
            throw new DefinitionException([new SourceError(path, (int)at.Line, (int)at.Column, "This is not valid YAML: something is not closed, or not indented as its neighbours.")]);
        }
    }

    private static string Sentence(YamlException error)
    {
        var message = error.Message;
        var end = message.IndexOf("): ", StringComparison.Ordinal);
        message = message.StartsWith('(') && end > 0 ? message[(end + 3)..] : message;
        return message.EndsWith('.') ? message : message + ".";
    }

    private sealed class Reader(IParser parser, string path)
    {
        private readonly Dictionary<AnchorName, SourceNode> _anchors = [];

        public SourceNode? Document()
        {
            parser.Consume<StreamStart>();
            if (parser.TryConsume<StreamEnd>(out _))
            {
                return null;
            }

            parser.Consume<DocumentStart>();
            var root = Node(0);
            parser.Consume<DocumentEnd>();
            return parser.Current is DocumentStart second
                ? throw Fail(second, "A file holds one YAML document; remove this '---' and what follows it.")
                : root;
        }

        private SourceNode Node(int depth)
        {
            if (depth > MostDepth)
            {
                throw Fail(parser.Current!, $"Nested more than {MostDepth} levels deep.");
            }

            if (parser.TryConsume<AnchorAlias>(out var alias))
            {
                return _anchors.TryGetValue(alias.Value, out var known) ? known : throw Fail(alias, $"No anchor '&{alias.Value}' stands before this alias.");
            }

            var start = (NodeEvent)parser.Current!;
            var node = start switch
            {
                YamlDotNet.Core.Events.Scalar => Scalar(),
                SequenceStart => List(depth),
                _ => Map(depth),
            };
            if (node.Size > MostNodes)
            {
                throw Fail(start, $"More than {MostNodes} values.");
            }

            if (!start.Anchor.IsEmpty)
            {
                _anchors[start.Anchor] = node;
            }

            return node;
        }

        private SourceNode Scalar()
        {
            var scalar = parser.Consume<Scalar>();
            var isText = scalar.Style != ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str";
            if (!isText && !PlainScalar.TryResolve(scalar.Value, out _, out var reason))
            {
                throw Fail(scalar, $"{reason}.");
            }

            return new SourceNode(path, Line(scalar), Column(scalar), SourceKind.Scalar) { Text = scalar.Value, IsPlain = !isText };
        }

        private SourceNode List(int depth)
        {
            var start = parser.Consume<SequenceStart>();
            var items = new List<SourceNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Node(depth + 1));
            }

            return new SourceNode(path, Line(start), Column(start), SourceKind.List) { Items = items, Size = Total(items) };
        }

        private SourceNode Map(int depth)
        {
            var start = parser.Consume<MappingStart>();
            var entries = new List<SourceEntry>();
            var merged = new List<SourceEntry>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (!parser.TryConsume<Scalar>(out var key))
                {
                    throw Fail(parser.Current!, "A key must be a single word or text.");
                }

                var value = Node(depth + 1);
                if (key is { Value: "<<", Style: ScalarStyle.Plain })
                {
                    merged.AddRange((value.Kind == SourceKind.List ? value.Items : [value]).SelectMany(map => map.Entries));
                }
                else if (entries.Exists(entry => entry.Key == key.Value))
                {
                    throw Fail(key, $"The key '{key.Value}' stands twice in this map.");
                }
                else
                {
                    entries.Add(new SourceEntry(key.Value, path, Line(key), Column(key), value));
                }
            }

            entries.AddRange(merged.DistinctBy(entry => entry.Key).Where(entry => !entries.Exists(own => own.Key == entry.Key)).ToList());
            return new SourceNode(path, Line(start), Column(start), SourceKind.Map) { Entries = entries, Size = Total(entries.Select(entry => entry.Value)) };
        }

        private DefinitionException Fail(ParsingEvent at, string message) => new([new SourceError(path, Line(at), Column(at), message)]);

        private static int Total(IEnumerable<SourceNode> nodes) => (int)Math.Min(int.MaxValue, nodes.Sum(node => (long)node.Size) + 1);

        private static int Line(ParsingEvent at) => (int)at.Start.Line;

        private static int Column(ParsingEvent at) => (int)at.Start.Column;
    }
}
