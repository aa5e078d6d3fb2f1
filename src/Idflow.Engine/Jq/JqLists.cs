namespace Idflow.Engine.Jq;

/// <summary>Arithmetic and set operations on values.</summary>
internal static class JqLists
{
    public static IEnumerable<int> Indices(IReadOnlyList<JqValue> list, IReadOnlyList<JqValue> part)
    {
        for (var i = 0; part.Count > 0 && i + part.Count <= list.Count; i++)
        {
            var at = i;
            if (Enumerable.Range(0, part.Count).All(j => list[at + j].CompareTo(part[j]) == 0))
            {
                yield return i;
            }
        }
    }

    /// <summary>Groups by a key, in the order of the keys; within a group the order stays.</summary>
    public static IEnumerable<List<JqValue>> Groups(IReadOnlyList<JqValue> items, IReadOnlyList<JqValue> keys)
    {
        List<JqValue>? group = null;
        JqValue? last = null;
        foreach (var i in Enumerable.Range(0, items.Count).OrderBy(i => keys[i]))
        {
            if (group is null || last!.CompareTo(keys[i]) != 0)
            {
                if (group is not null)
                {
                    yield return group;
                }

                group = [];
                last = keys[i];
            }

            group.Add(items[i]);
        }

        if (group is not null)
        {
            yield return group;
        }
    }

    public static bool Contains(JqValue whole, JqValue part) => (whole, part) switch
    {
        (JqObject a, JqObject b) => b.Members.All(entry => a.Members.TryGetValue(entry.Key, out var value) && Contains(value, entry.Value)),
        (JqArray a, JqArray b) => b.Items.All(wanted => a.Items.Any(item => item.Type == wanted.Type && Contains(item, wanted))),
        (JqString a, JqString b) => a.Value.Contains(b.Value, StringComparison.Ordinal),
        _ when whole.TypeName == part.TypeName => whole.CompareTo(part) == 0,
        _ => throw new JqError($"{whole.TypeName} ({JqText.Short(whole)}) and {part.TypeName} ({JqText.Short(part)}) cannot have their containment checked"),
    };

    public static List<JqValue> Flatten(IReadOnlyList<JqValue> items, double depth)
    {
        List<JqValue> flat = [];
        foreach (var item in items)
        {
            if (item is JqArray inner && depth > 0)
            {
                System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
                flat.AddRange(Flatten(inner.Items, depth - 1));
            }
            else
            {
                flat.Add(item);
            }
        }

        return flat;
    }
}
