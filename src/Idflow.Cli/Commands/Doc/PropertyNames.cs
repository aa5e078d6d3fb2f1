using Idflow.Documents.Model;

namespace Idflow.Cli.Commands.Doc;

/// <summary>The names by which the properties of documents can be asked for.</summary>
internal static class PropertyNames
{
    /// <summary>Each once; those inside maps with dots (<c>meta.owner</c>).</summary>
    public static IReadOnlyCollection<string> Of(IEnumerable<PropertyMap> properties)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var map in properties)
        {
            Add(names, map, "");
        }

        return names;
    }

    private static void Add(HashSet<string> names, PropertyMap map, string before)
    {
        foreach (var (key, value) in map)
        {
            names.Add(before + key);
            if (value is PropertyMap inner)
            {
                Add(names, inner, $"{before}{key}.");
            }
        }
    }
}
