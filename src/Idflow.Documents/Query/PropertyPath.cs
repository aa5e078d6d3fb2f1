using Idflow.Documents.Model;

namespace Idflow.Documents.Query;

/// <summary>
/// Names of properties with dots: <c>meta.owner</c> is the key <c>owner</c> of the map <c>meta</c>, unless a key is
/// literally named <c>meta.owner</c>: on every level the longest existing key wins over a shorter one that would be walked into.
/// </summary>
public static class PropertyPath
{
    /// <summary>Looks the path up; false where a step is missing or stands on something that is not a map.</summary>
    public static bool TryGet(PropertyMap properties, string path, out object? value)
    {
        if (properties.TryGetValue(path, out value))
        {
            return true;
        }

        for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            if (properties.TryGetValue(path[..dot], out var child) && child is PropertyMap map && TryGet(map, path[(dot + 1)..], out value))
            {
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>The properties with the value under the path: in its place when it exists, else in new maps where maps are missing.</summary>
    /// <exception cref="FilterException">The path has an empty step, or walks through a value that is not a map.</exception>
    public static PropertyMap Set(PropertyMap properties, string path, object? value) => Set(properties, path, value, path);

    /// <summary>The properties without the value under the path (maps that become empty stay); false when there is none.</summary>
    public static bool TryRemove(PropertyMap properties, string path, out PropertyMap result)
    {
        if (properties.ContainsKey(path))
        {
            result = properties.Without(path);
            return true;
        }

        for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            var key = path[..dot];
            if (properties.TryGetValue(key, out var child) && child is PropertyMap map && TryRemove(map, path[(dot + 1)..], out var changed))
            {
                result = properties.With(key, changed);
                return true;
            }
        }

        result = properties;
        return false;
    }

    /// <summary>The keys of the top level that a lookup of the path may read: the path itself and what stands before each dot.</summary>
    internal static IEnumerable<string> TopLevelKeys(string path)
    {
        yield return path;
        for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            yield return path[..dot];
        }
    }

    private static PropertyMap Set(PropertyMap properties, string path, object? value, string wholePath)
    {
        if (properties.ContainsKey(path))
        {
            return properties.With(path, value);
        }

        RequireSteps(path, wholePath);
        var key = StepInto(properties, path);
        if (key is null)
        {
            return properties.With(path, value);
        }

        var child = properties.TryGetValue(key, out var existing) ? existing : null;
        if (child is not (null or PropertyMap))
        {
            throw new FilterException(
                $"'{wholePath}' cannot be set: '{key}' is {PropertyText.KindOf(child)}, not a map. Unset '{key}' first, or choose another name.");
        }

        return properties.With(key, Set(child as PropertyMap ?? PropertyMap.Empty, path[(key.Length + 1)..], value, wholePath));
    }

    /// <summary>Which key to walk into: where the value already is, else the longest existing map, else the first step.</summary>
    private static string? StepInto(PropertyMap properties, string path)
    {
        string? longestMap = null;
        for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            if (properties.TryGetValue(path[..dot], out var child) && child is PropertyMap map)
            {
                longestMap ??= path[..dot];
                if (TryGet(map, path[(dot + 1)..], out _))
                {
                    return path[..dot];
                }
            }
        }

        var first = path.IndexOf('.', StringComparison.Ordinal);
        return longestMap ?? (first < 0 ? null : path[..first]);
    }

    private static void RequireSteps(string path, string wholePath)
    {
        if (path.Length == 0 || path[0] == '.' || path[^1] == '.' || path.Contains("..", StringComparison.Ordinal))
        {
            throw new FilterException($"'{wholePath}' is not a property name: there is nothing before or after a dot. Write it like 'meta.owner'.");
        }
    }
}
