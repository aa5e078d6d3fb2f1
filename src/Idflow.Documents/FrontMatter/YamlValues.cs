using Idflow.Documents.Model;

namespace Idflow.Documents.FrontMatter;

/// <summary>Turns nodes into property values: types plain scalars, honours tags, follows aliases, merges <c>&lt;&lt;</c>, lets the last of duplicate keys win.</summary>
internal static class YamlValues
{
    private const string Prefix = "tag:yaml.org,2002:";

    /// <exception cref="YamlFormatException">A scalar has no value of its type, or a tag is unknown.</exception>
    public static object? Of(YamlNode node) => node switch
    {
        YamlAlias alias => Of(alias.Target),
        YamlScalar scalar => OfScalar(scalar),
        YamlSequence sequence => OfSequence(sequence),
        YamlMapping mapping => OfMapping(mapping),
        _ => throw new InvalidOperationException("unknown node"),
    };

    public static PropertyMap OfMapping(YamlMapping mapping)
    {
        CheckTag(mapping, "map", "set");
        var entries = new List<KeyValuePair<string, object?>>(mapping.Entries.Count);
        foreach (var entry in mapping.Entries)
        {
            if (entry.IsMerge)
            {
                entries.InsertRange(0, Merged(entry.Value));
            }
            else
            {
                entries.Add(new(entry.Name, Of(entry.Value)));
            }
        }

        return new PropertyMap(entries);
    }

    private static List<object?> OfSequence(YamlSequence sequence)
    {
        CheckTag(sequence, "seq", "omap", "pairs");
        return sequence.Items.ConvertAll(Of);
    }

    /// <summary>The entries that a <c>&lt;&lt;</c> brings: those of one map, or of several, of which the first wins.</summary>
    private static IEnumerable<KeyValuePair<string, object?>> Merged(YamlNode value)
    {
        var node = value is YamlAlias alias ? alias.Target : value;
        return node switch
        {
            YamlMapping mapping => OfMapping(mapping),
            YamlSequence sequence => Enumerable.Reverse(sequence.Items).SelectMany(Merged),
            _ => throw new YamlFormatException(value.Line, value.Column, "'<<' merges a map or a list of maps; to use it as a key put it in quotes"),
        };
    }

    private static object? OfScalar(YamlScalar scalar)
    {
        try
        {
            return scalar.Tag switch
            {
                null => scalar.IsPlain ? ScalarValue.Of(scalar.Text) : scalar.Text,
                "!" or Prefix + "str" or Prefix + "binary" => scalar.Text,
                Prefix + "int" => ScalarValue.Integer(scalar.Text),
                Prefix + "float" => ScalarValue.Float(scalar.Text),
                Prefix + "bool" => ScalarValue.Boolean(scalar.Text),
                Prefix + "null" => null,
                Prefix + "timestamp" => YamlTimestamp.Parse(scalar.Text),
                _ => throw new FormatException($"the tag {scalar.Tag} is not known here"),
            };
        }
        catch (FormatException error)
        {
            throw new YamlFormatException(scalar.Line, scalar.Column, error.Message, error);
        }
    }

    private static void CheckTag(YamlNode node, params ReadOnlySpan<string> known)
    {
        if (node.Tag is null or "!")
        {
            return;
        }

        foreach (var name in known)
        {
            if (node.Tag == Prefix + name)
            {
                return;
            }
        }

        throw new YamlFormatException(node.Line, node.Column, $"the tag {node.Tag} is not known here");
    }
}
