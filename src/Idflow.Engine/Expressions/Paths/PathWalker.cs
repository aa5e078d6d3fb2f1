using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Idflow.Engine.Expressions.Paths;

/// <summary>Follows the steps of a path through a document. Steps that lead nowhere find nothing; there are no errors.</summary>
internal static class PathWalker
{
    public static void Walk(IReadOnlyList<PathToken> tokens, int at, int end, JsonNode? node, PathContext context, List<JsonNode?> found)
    {
        if (at == end)
        {
            found.Add(node);
            return;
        }

        void Next(JsonNode? value) => Walk(tokens, at + 1, end, value, context, found);
        switch (tokens[at])
        {
            case KeyToken { Key: var key }:
                if (node is JsonObject map && map.TryGetPropertyValue(key, out var value))
                {
                    Next(value);
                }

                break;
            case KeysToken { Keys: var keys }:
                WalkKeys(keys, node, isLast: at + 1 == end, Next);
                break;
            case IndexToken { Indexes: var indexes }:
                foreach (var index in indexes)
                {
                    WalkIndex(index, node, Next);
                }

                break;
            case SliceToken slice:
                WalkSlice(slice, node, Next);
                break;
            case WildcardToken:
                foreach (var child in Children(node))
                {
                    Next(child);
                }

                break;
            case FilterToken { Filter: var filter }:
                foreach (var candidate in node is JsonArray list ? (IEnumerable<JsonNode?>)list : node is JsonObject ? [node] : [])
                {
                    if (filter.Holds(candidate, context))
                    {
                        Next(candidate);
                    }
                }

                break;
            case ScanToken:
                Scan(tokens, at + 1, end, node, context, found);
                break;
            case FunctionToken function:
                if (function.TryApply(node, context, out var result))
                {
                    Next(result);
                }

                break;
        }
    }

    private static void WalkKeys(IReadOnlyList<string> keys, JsonNode? node, bool isLast, Action<JsonNode?> next)
    {
        if (node is not JsonObject map)
        {
            return;
        }

        if (!isLast)
        {
            foreach (var key in keys.Where(map.ContainsKey))
            {
                next(map[key]);
            }

            return;
        }

        var merged = new JsonObject();
        foreach (var key in keys)
        {
            if (map.TryGetPropertyValue(key, out var value))
            {
                merged[key] = value?.DeepClone();
            }
        }

        next(merged);
    }

    private static void WalkIndex(int index, JsonNode? node, Action<JsonNode?> next)
    {
        if (node is JsonArray list && (index < 0 ? list.Count + index : index) is var at && at >= 0 && at < list.Count)
        {
            next(list[at]);
        }
    }

    private static void WalkSlice(SliceToken slice, JsonNode? node, Action<JsonNode?> next)
    {
        if (node is not JsonArray list || (slice.From is null && slice.To is null))
        {
            return;
        }

        var from = Math.Max(0, slice.From is < 0 ? list.Count + slice.From.Value : slice.From ?? 0);
        var to = Math.Min(list.Count, slice.To is < 0 ? list.Count + slice.To.Value : slice.To ?? list.Count);
        for (var i = from; i < to; i++)
        {
            next(list[i]);
        }
    }

    /// <summary>Tries the rest of the path at every map and list, a parent before its children. Filters test the maps themselves.</summary>
    private static void Scan(IReadOnlyList<PathToken> tokens, int at, int end, JsonNode? node, PathContext context, List<JsonNode?> found)
    {
        if (node is not (JsonObject or JsonArray))
        {
            return;
        }

        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (tokens[at] is not FilterToken || node is JsonObject)
        {
            Walk(tokens, at, end, node, context, found);
        }

        foreach (var child in Children(node))
        {
            Scan(tokens, at, end, child, context, found);
        }
    }

    private static IEnumerable<JsonNode?> Children(JsonNode? node) => node switch
    {
        JsonObject map => map.Select(entry => entry.Value),
        JsonArray list => list,
        _ => [],
    };
}
