namespace Idflow.Documents.FrontMatter;

/// <summary>Which keys need the anchors of which: a value that is rewritten loses its anchor, so those that point to it must be written out.</summary>
internal static class Anchors
{
    public static IReadOnlySet<string> None { get; } = new HashSet<string>();

    public static bool IsDefinedIn(YamlNode node) => Nodes(node).Any(inner => inner.Anchor is not null);

    /// <summary>The keys that must be rewritten because those in <paramref name="changed"/> are, directly or through others.</summary>
    /// <exception cref="EditRefusedException">A merge needs such an anchor.</exception>
    public static IReadOnlySet<string> DependentsOf(YamlMapping mapping, IEnumerable<string> changed)
    {
        var rewritten = new HashSet<string>(changed, StringComparer.Ordinal);
        var forced = new HashSet<string>(StringComparer.Ordinal);
        if (!mapping.Entries.Any(entry => IsDefinedIn(entry.Value)))
        {
            return forced;
        }

        var lost = new HashSet<YamlNode>();
        for (var found = true; found;)
        {
            found = false;
            lost.UnionWith(mapping.Entries.Where(entry => rewritten.Contains(entry.Name)).SelectMany(entry => Nodes(entry.Value)));
            foreach (var entry in mapping.Entries.Where(entry => !rewritten.Contains(entry.Name)))
            {
                if (!Nodes(entry.Value).Any(node => node is YamlAlias alias && lost.Contains(alias.Target)))
                {
                    continue;
                }

                if (entry.IsMerge)
                {
                    throw new EditRefusedException();
                }

                found = true;
                rewritten.Add(entry.Name);
                forced.Add(entry.Name);
            }
        }

        return forced;
    }

    private static IEnumerable<YamlNode> Nodes(YamlNode node) => node switch
    {
        YamlSequence sequence => sequence.Items.SelectMany(Nodes).Prepend(node),
        YamlMapping mapping => mapping.Entries.SelectMany(entry => Nodes(entry.Value)).Prepend(node),
        _ => [node],
    };
}
