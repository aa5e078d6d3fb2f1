using Idflow.Pipeline.Sources;

namespace Idflow.Pipeline.Stages;

/// <summary>
/// Lays a definition over another one of the same name: maps merge by key, <c>workflows</c> by their name (the overlay's
/// first), any other value is replaced; null takes a value away.
/// </summary>
internal static class StageMerge
{
    public static SourceNode Over(SourceNode overlay, SourceNode below) => Merge(overlay, below, isRoot: true);

    private static SourceNode Merge(SourceNode overlay, SourceNode below, bool isRoot)
    {
        if (overlay.Kind != SourceKind.Map || below.Kind != SourceKind.Map)
        {
            return overlay;
        }

        var entries = overlay.Entries
            .Select(entry => below[entry.Key] is { } other ? entry with { Value = isRoot && entry.Key == "workflows" ? Workflows(entry.Value, other) : Merge(entry.Value, other, isRoot: false) } : entry)
            .Concat(below.Entries.Where(entry => overlay[entry.Key] is null));
        return new SourceNode(overlay.Path, overlay.Line, overlay.Column, SourceKind.Map) { Entries = [.. entries] };
    }

    private static SourceNode Workflows(SourceNode overlay, SourceNode below)
    {
        if (overlay.Kind != SourceKind.List || below.Kind != SourceKind.List)
        {
            return overlay;
        }

        var items = overlay.Items
            .Select(item => below.Items.FirstOrDefault(other => Name(other) is { } name && name == Name(item)) is { } same ? Merge(item, same, isRoot: false) : item)
            .Concat(below.Items.Where(item => Name(item) is not { } name || overlay.Items.All(other => Name(other) != name)));
        return new SourceNode(overlay.Path, overlay.Line, overlay.Column, SourceKind.List) { Items = [.. items] };
    }

    private static string? Name(SourceNode workflow) => workflow["name"]?.Text;
}
