using Idflow.Documents.Model;

namespace Idflow.Documents.FrontMatter;

/// <summary>Reads a front matter: the fast reader for the simple ones that are nearly all, the full YAML reader for the rest. Both agree (property-tested).</summary>
internal static class FrontMatterReader
{
    /// <summary>All keys of the front matter in order; empty when it holds nothing.</summary>
    /// <exception cref="YamlFormatException">It cannot be read; the place counts from 1 inside <paramref name="yaml"/>.</exception>
    public static PropertyMap Read(ReadOnlySpan<char> yaml) => FastFrontMatter.TryRead(yaml, out var map) ? map : ReadFull(yaml.ToString());

    public static PropertyMap ReadFull(string yaml) => Compose(yaml) is { } mapping ? YamlValues.OfMapping(mapping) : PropertyMap.Empty;

    /// <summary>The nodes of the front matter, or null when it holds nothing.</summary>
    public static YamlMapping? Compose(string yaml) => YamlComposer.Compose(yaml) switch
    {
        null => null,
        YamlMapping mapping => mapping,
        YamlScalar { Tag: null, IsPlain: true } scalar when ScalarResolver.KindOf(scalar.Text) == ScalarKind.Null => null,
        { } other => throw new YamlFormatException(other.Line, other.Column, "the front matter must be a map of keys and values (`key: value`)"),
    };
}
