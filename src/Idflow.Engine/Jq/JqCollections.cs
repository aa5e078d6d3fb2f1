namespace Idflow.Engine.Jq;

using Table = Dictionary<(string Name, int Arity), JqBuiltin>;

/// <summary>Functions over lists and maps.</summary>
internal static class JqCollections
{
    private static readonly string[] KeyNames = ["key", "k", "name", "Name", "Key", "K"];
    private static readonly string[] ValueNames = ["value", "v", "Value", "V"];

    public static void Add(Table table)
    {
        table.Value("length", Length);
        table.Value("keys", input => Keys(input, sorted: true));
        table.Value("keys_unsorted", input => Keys(input, sorted: false));
        table.Value("has", Has);
        table.Value("in", (input, whole) => Has(whole, input));
        table.Value("contains", (input, part) => JqValue.Of(JqLists.Contains(input, part)));
        table.Value("inside", (input, whole) => JqValue.Of(JqLists.Contains(whole, input)));
        table.Value("add", input => Parts(input).Aggregate(JqValue.Null, JqArithmetic.Add));
        table.Closure("add", 1, (machine, input, arguments, emit) => emit(input.Computed(arguments[0].Collect(machine, input.Value).Aggregate(JqValue.Null, JqArithmetic.Add))));
        table.Closure("map", 1, (machine, input, arguments, emit) => emit(input.Computed(JqValue.Of([.. Parts(input.Value).SelectMany(item => arguments[0].Collect(machine, item))]))));
        table.Closure("map_values", 1, MapValues);
        table.Closure("first", 0, (_, input, _, emit) => At(input, 0, emit));
        table.Closure("last", 0, (_, input, _, emit) => At(input, -1, emit));
        table.Closure("nth", 1, (machine, input, arguments, emit) => arguments[0].Run(machine, input.Plain, at => At(input, JqStreams.Number(at.Value), emit)));
        table.Value("any", input => JqValue.Of(Parts(input).Any(item => item.IsTrue)));
        table.Value("all", input => JqValue.Of(Parts(input).All(item => item.IsTrue)));
        table.Closure("any", 1, (machine, input, arguments, emit) => emit(input.Computed(JqValue.Of(Parts(input.Value).Any(item => arguments[0].Collect(machine, item).Exists(result => result.IsTrue))))));
        table.Closure("all", 1, (machine, input, arguments, emit) => emit(input.Computed(JqValue.Of(Parts(input.Value).All(item => arguments[0].Collect(machine, item).TrueForAll(result => result.IsTrue))))));
        table.Value("flatten", input => JqValue.Of(JqLists.Flatten(Items(input, "flattened"), double.MaxValue)));
        table.Value("flatten", (input, depth) => JqStreams.Number(depth) is >= 0 and var levels ? JqValue.Of(JqLists.Flatten(Items(input, "flattened"), levels)) : throw new JqError("flatten depth must not be negative"));
        table.Value("reverse", input => input is JqString text ? JqValue.Of(string.Concat(text.Value.EnumerateRunes().Reverse().Select(rune => rune.ToString()))) : input is JqNull ? JqArray.Empty : JqValue.Of([.. Items(input, "reversed").Reverse()]));
        table.Value("toarray", input => input is JqArray ? input : JqValue.Of([input]));
        table.Value("transpose", Transpose);
        table.Value("from_entries", FromEntries);
        table.Closure("with_entries", 1, WithEntries);
        table.Closure("walk", 1, (machine, input, arguments, emit) => Walk(machine, input.Value, arguments[0], value => emit(input.Computed(value))));
        table.Closure("combinations", 0, (machine, input, _, emit) => Combinations(machine, [.. Items(input.Value, "combined").Select(Parts)], 0, [], value => emit(input.Computed(value))));
        table[("combinations", 1)] = JqBuiltin.Values(1, (machine, input, values, emit) =>
            Combinations(machine, [.. Enumerable.Repeat(Parts(input.Value), (int)JqStreams.Number(values[0]))], 0, [], value => emit(input.Computed(value))));
        table.Closure("INDEX", 1, (machine, input, arguments, emit) => emit(input.Computed(Index(machine, Parts(input.Value), arguments[0]))));
        table.Closure("INDEX", 2, (machine, input, arguments, emit) => emit(input.Computed(Index(machine, arguments[0].Collect(machine, input.Value), arguments[1]))));
        table.Value("bsearch", Search);
        AddSorting(table);
    }

    private static void AddSorting(Table table)
    {
        table.Value("sort", input => JqValue.Of([.. Items(input, "sorted").Order()]));
        table.Value("unique", input => JqValue.Of([.. Groups(Items(input, "sorted"), Items(input, "sorted")).Select(group => group[0])]));
        table.Value("min", input => Items(input, "compared").Aggregate((JqValue?)null, (best, item) => best is null || item.CompareTo(best) < 0 ? item : best) ?? JqValue.Null);
        table.Value("max", input => Items(input, "compared").Aggregate((JqValue?)null, (best, item) => best is null || item.CompareTo(best) >= 0 ? item : best) ?? JqValue.Null);
        By(table, "sort_by", (items, keys) => JqValue.Of([.. Groups(items, keys).SelectMany(group => group)]));
        By(table, "group_by", (items, keys) => JqValue.Of([.. Groups(items, keys).Select(group => JqValue.Of(group))]));
        By(table, "unique_by", (items, keys) => JqValue.Of([.. Groups(items, keys).Select(group => group[0])]));
        By(table, "min_by", (items, keys) => Groups(items, keys).FirstOrDefault()?[0] ?? JqValue.Null);
        By(table, "max_by", (items, keys) => Groups(items, keys).LastOrDefault()?[^1] ?? JqValue.Null);
    }

    private static IEnumerable<List<JqValue>> Groups(IReadOnlyList<JqValue> items, IReadOnlyList<JqValue> keys) => JqLists.Groups(items, keys);

    /// <summary>A key may be several values; they are compared as a list.</summary>
    private static void By(Table table, string name, Func<IReadOnlyList<JqValue>, IReadOnlyList<JqValue>, JqValue> apply) => table.Closure(name, 1, (machine, input, arguments, emit) =>
    {
        var items = Items(input.Value, name is "sort_by" or "unique_by" ? "sorted" : "grouped");
        return emit(input.Computed(apply(items, [.. items.Select(item => JqValue.Of(arguments[0].Collect(machine, item)))])));
    });

    private static bool At(JqItem input, double at, JqEmit emit)
    {
        var key = JqValue.Of(at);
        return emit(input.Step(key, JqPaths.Index(input.Value, key)));
    }

    /// <summary>The elements of a list or the values of a map.</summary>
    public static IReadOnlyList<JqValue> Parts(JqValue value) => value switch
    {
        JqArray array => array.Items,
        JqObject map => [.. map.Members.Values],
        _ => throw new JqError($"Cannot iterate over {value.TypeName}{(value is JqNull ? "" : $" ({JqText.Short(value)})")}"),
    };

    private static IReadOnlyList<JqValue> Items(JqValue value, string action) => value is JqArray array
        ? array.Items
        : throw new JqError($"{value.TypeName} ({JqText.Short(value)}) cannot be {action}, as it is not an array");

    private static JqValue Length(JqValue value) => value switch
    {
        JqNull => JqValue.Of(0.0),
        JqNumber number => JqValue.Of(Math.Abs(number.Value)),
        JqString text => JqValue.Of((double)text.Length),
        JqArray array => JqValue.Of((double)array.Items.Count),
        JqObject map => JqValue.Of((double)map.Members.Count),
        _ => throw new JqError($"{value.TypeName} ({JqText.Short(value)}) has no length"),
    };

    private static JqValue Keys(JqValue value, bool sorted) => value switch
    {
        JqArray array => JqValue.Of([.. Enumerable.Range(0, array.Items.Count).Select(i => JqValue.Of((double)i))]),
        JqObject map => JqValue.Of([.. (sorted ? map.SortedKeys() : [.. map.Members.Keys]).Select(JqValue.Of)]),
        _ => throw new JqError($"{value.TypeName} ({JqText.Short(value)}) has no keys"),
    };

    private static JqValue Has(JqValue value, JqValue key) => (value, key) switch
    {
        (JqObject map, JqString name) => JqValue.Of(map.Members.ContainsKey(name.Value)),
        (JqArray array, JqNumber number) => JqValue.Of(number.Value >= 0 && number.Value < array.Items.Count),
        _ => throw new JqError($"Cannot check whether {value.TypeName} has a {key.TypeName} key"),
    };

    private static bool MapValues(JqMachine machine, JqItem input, JqClosure[] arguments, JqEmit emit)
    {
        JqValue? First(JqValue value) => machine.TryFirst(arguments[0].Node, new(value, null), arguments[0].Env, out var first) ? first.Value : null;
        if (input.Value is not JqObject map)
        {
            return emit(input.Computed(JqValue.Of([.. Parts(input.Value).Select(First).OfType<JqValue>()])));
        }

        var members = new Dictionary<string, JqValue>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Members)
        {
            if (First(value) is { } changed)
            {
                members[key] = changed;
            }
        }

        return emit(input.Computed(new JqObject(members)));
    }

    private static JqValue Transpose(JqValue input)
    {
        var rows = Items(input, "transposed");
        var width = rows.Count == 0 ? 0 : rows.Max(row => Items(row, "transposed").Count);
        return JqValue.Of([.. Enumerable.Range(0, width).Select(column => JqValue.Of([.. rows.Select(row => Items(row, "transposed").ElementAtOrDefault(column) ?? JqValue.Null)]))]);
    }

    private static JqObject FromEntries(JqValue input)
    {
        var members = new Dictionary<string, JqValue>(StringComparer.Ordinal);
        foreach (var item in Parts(input))
        {
            var entry = item as JqObject ?? throw new JqError($"Cannot index {item.TypeName} with string \"key\"");
            var key = KeyNames.Select(name => entry[name]).FirstOrDefault(value => value is not JqNull && value.Type != JqType.False) ?? entry["key"];
            var value = ValueNames.Where(entry.Members.ContainsKey).Select(name => entry[name]).FirstOrDefault() ?? JqValue.Null;
            members[key switch
            {
                JqString text => text.Value,
                JqNull => "null",
                JqNumber or JqBool => JqText.Write(key),
                _ => throw new JqError($"Cannot use {key.TypeName} ({JqText.Short(key)}) as object key"),
            }] = value;
        }

        return new(members);
    }

    private static bool WithEntries(JqMachine machine, JqItem input, JqClosure[] arguments, JqEmit emit)
    {
        if (input.Value is not JqObject map)
        {
            throw new JqError($"{input.Value.TypeName} ({JqText.Short(input.Value)}) has no keys");
        }

        var entries = map.Members.SelectMany(entry =>
            arguments[0].Collect(machine, new JqObject(new(StringComparer.Ordinal) { ["key"] = JqValue.Of(entry.Key), ["value"] = entry.Value })));
        return emit(input.Computed(FromEntries(JqValue.Of([.. entries]))));
    }

    private static bool Walk(JqMachine machine, JqValue value, JqClosure change, Func<JqValue, bool> emit)
    {
        machine.Limits.Step();
        JqValue First(JqValue part)
        {
            JqValue? first = null;
            Walk(machine, part, change, result =>
            {
                first = result;
                return false;
            });
            return first ?? JqValue.Null;
        }

        var inner = value switch
        {
            JqArray array => JqValue.Of([.. array.Items.SelectMany(item => All(item))]),
            JqObject map => new JqObject(new(map.Members.Select(entry => KeyValuePair.Create(entry.Key, First(entry.Value))), StringComparer.Ordinal)),
            _ => value,
        };
        return change.Run(machine, new(inner, null), item => emit(item.Value));

        List<JqValue> All(JqValue item)
        {
            List<JqValue> results = [];
            Walk(machine, item, change, result =>
            {
                results.Add(result);
                return true;
            });
            return results;
        }
    }

    private static bool Combinations(JqMachine machine, IReadOnlyList<IReadOnlyList<JqValue>> choices, int at, IReadOnlyList<JqValue> chosen, Func<JqValue, bool> emit)
    {
        machine.Limits.Step();
        return at == choices.Count ? emit(JqValue.Of(chosen)) : choices[at].All(item => Combinations(machine, choices, at + 1, [.. chosen, item], emit));
    }

    private static JqObject Index(JqMachine machine, IEnumerable<JqValue> items, JqClosure key)
    {
        var members = new Dictionary<string, JqValue>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            foreach (var name in key.Collect(machine, item))
            {
                members[JqFormats.Text(name)] = item;
            }
        }

        return new(members);
    }

    private static JqValue Search(JqValue input, JqValue wanted)
    {
        var items = Items(input, "searched");
        var (low, high) = (0, items.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = items[middle].CompareTo(wanted);
            if (order == 0)
            {
                return JqValue.Of((double)middle);
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return JqValue.Of(-1.0 - low);
    }
}
