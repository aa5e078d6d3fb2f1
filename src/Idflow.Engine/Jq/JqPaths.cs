namespace Idflow.Engine.Jq;

/// <summary>Reading and replacing parts of a value.</summary>
internal static class JqPaths
{
    public static JqValue Index(JqValue value, JqValue key)
    {
        switch (value, key)
        {
            case (JqObject map, JqString name):
                return map[name.Value];
            case (JqArray array, JqNumber number):
                var at = Position(number.Value, array.Items.Count);
                return at >= 0 && at < array.Items.Count ? array.Items[at] : JqValue.Null;
            case (JqArray array, JqArray part):
                return JqValue.Of([.. JqLists.Indices(array.Items, part.Items).Select(i => JqValue.Of((double)i))]);
            case (JqArray or JqString, JqObject slice):
                return Slice(value, slice["start"], slice["end"]);
            case ({ Type: JqType.Null }, JqString or JqNumber or JqObject or { Type: JqType.Null }):
                return JqValue.Null;
            default:
                throw new JqError(key is JqString wanted
                    ? $"Cannot index {value.TypeName} with string {JqText.Write(wanted)}"
                    : $"Cannot index {value.TypeName} with {key.TypeName}");
        }
    }

    public static JqValue Slice(JqValue value, JqValue from, JqValue to)
    {
        if (from is not (JqNumber or JqNull) || to is not (JqNumber or JqNull))
        {
            throw new JqError("Start and end indices of an array slice must be numbers");
        }

        switch (value)
        {
            case JqNull:
                return JqValue.Null;
            case JqArray array:
                var (start, end) = Bounds(from, to, array.Items.Count);
                return JqValue.Of([.. array.Items.Skip(start).Take(end - start)]);
            case JqString text:
                var runes = text.Value.EnumerateRunes().ToList();
                var (first, last) = Bounds(from, to, runes.Count);
                return JqValue.Of(string.Concat(runes.Skip(first).Take(last - first).Select(rune => rune.ToString())));
            default:
                throw new JqError($"Cannot index {value.TypeName} with object");
        }
    }

    /// <summary>The key of a slice in a path.</summary>
    public static JqObject SliceKey(JqValue from, JqValue to) => new(new(StringComparer.Ordinal) { ["start"] = from, ["end"] = to });

    public static JqValue Get(JqValue value, IReadOnlyList<JqValue> path)
    {
        foreach (var key in path)
        {
            if (value is JqNull)
            {
                return value;
            }

            value = Index(value, key);
        }

        return value;
    }

    public static JqValue Set(JqValue value, IReadOnlyList<JqValue> path, JqValue replacement) => Update(value, path, 0, _ => replacement);

    public static JqValue Update(JqValue value, IReadOnlyList<JqValue> path, int at, Func<JqValue, JqValue> change)
    {
        if (at == path.Count)
        {
            return change(value);
        }

        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        var key = path[at];
        return Put(value, key, Update(Index(value, key), path, at + 1, change));
    }

    /// <summary>The value with one entry replaced; null grows into what the key needs.</summary>
    private static JqValue Put(JqValue value, JqValue key, JqValue entry)
    {
        switch (value, key)
        {
            case (JqNull, JqString name):
                return JqObject.Empty.With(name.Value, entry);
            case (JqObject map, JqString name):
                return map.With(name.Value, entry);
            case (JqNull or JqArray, JqNumber number):
                var items = value is JqArray array ? array.Items.ToList() : [];
                var at = Position(number.Value, items.Count);
                if (at < 0)
                {
                    throw new JqError("Out of bounds negative array index");
                }

                JqLimits.CheckLength(at);
                while (items.Count <= at)
                {
                    items.Add(JqValue.Null);
                }

                items[at] = entry;
                return JqValue.Of(items);
            case (JqNull or JqArray, JqObject slice):
                var whole = value is JqArray list ? list.Items : [];
                if (entry is not JqArray part)
                {
                    throw new JqError("A slice of an array can only be assigned another array");
                }

                var (start, end) = Bounds(slice["start"], slice["end"], whole.Count);
                return JqValue.Of([.. whole.Take(start), .. part.Items, .. whole.Skip(end)]);
            default:
                throw new JqError(key is JqString wanted ? $"Cannot index {value.TypeName} with string {JqText.Write(wanted)}" : $"Cannot update field at {key.TypeName} index of {value.TypeName}");
        }
    }

    /// <summary>Deletes the last paths first, so that the others keep their positions.</summary>
    public static JqValue Delete(JqValue value, IEnumerable<IReadOnlyList<JqValue>> paths)
    {
        foreach (var path in paths.Select(path => new JqArray(path)).OrderDescending())
        {
            value = path.Items.Count == 0 ? JqValue.Null : DeleteOne(value, path.Items, 0);
        }

        return value;
    }

    private static JqValue DeleteOne(JqValue value, IReadOnlyList<JqValue> path, int at)
    {
        if (value is JqNull)
        {
            return value;
        }

        var key = path[at];
        if (at + 1 < path.Count)
        {
            var inner = Index(value, key);
            return inner is JqNull ? value : Put(value, key, DeleteOne(inner, path, at + 1));
        }

        switch (value, key)
        {
            case (JqObject map, JqString name):
                return map.Members.ContainsKey(name.Value)
                    ? new JqObject(new(map.Members.Where(entry => entry.Key != name.Value), StringComparer.Ordinal))
                    : map;
            case (JqArray array, JqNumber number):
                var gone = Position(number.Value, array.Items.Count);
                return JqValue.Of([.. array.Items.Where((_, i) => i != gone)]);
            case (JqArray array, JqObject slice):
                var (start, end) = Bounds(slice["start"], slice["end"], array.Items.Count);
                return JqValue.Of([.. array.Items.Take(start), .. array.Items.Skip(end)]);
            default:
                throw new JqError($"Cannot delete field at {(key is JqString ? "object" : "array")} index of {value.TypeName}");
        }
    }

    private static int Position(double number, int count)
    {
        var at = double.IsNaN(number) ? -1 : Math.Clamp(Math.Floor(number), int.MinValue, int.MaxValue);
        return (int)(at < 0 && !double.IsNaN(number) ? at + count : at);
    }

    private static (int Start, int End) Bounds(JqValue from, JqValue to, int count)
    {
        var start = from is JqNumber first ? Math.Floor(first.Value) : 0;
        var end = to is JqNumber last ? Math.Ceiling(last.Value) : count;
        start = Math.Clamp(start < 0 ? start + count : start, 0, count);
        end = Math.Clamp(end < 0 ? end + count : end, 0, count);
        return ((int)start, (int)Math.Max(start, end));
    }
}
