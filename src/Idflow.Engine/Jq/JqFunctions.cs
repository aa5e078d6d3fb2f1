namespace Idflow.Engine.Jq;

using Table = Dictionary<(string Name, int Arity), JqBuiltin>;

/// <summary>Types, paths and errors.</summary>
internal static class JqFunctions
{
    public static void Add(Table table)
    {
        table.Closure("empty", 0, (_, _, _, _) => true);
        table.Closure("not", 0, (_, input, _, emit) => emit(input.Computed(JqValue.Of(!input.Value.IsTrue))));
        table.Closure("error", 0, (_, input, _, _) => throw new JqError(input.Value));
        table.Closure("error", 1, (machine, input, arguments, _) => arguments[0].Run(machine, input.Plain, item => throw new JqError(item.Value)));
        table.Closure("select", 1, (machine, input, arguments, emit) => arguments[0].Run(machine, input.Plain, item => !item.Value.IsTrue || emit(input)));
        table.Closure("path", 1, (machine, input, arguments, emit) => arguments[0].Run(machine, new(input.Value, JqPath.Root), item => emit(input.Computed(PathOf(item)))));
        table.Closure("paths", 0, (machine, input, _, emit) => Paths(machine, input, _ => true, emit));
        table.Closure("paths", 1, (machine, input, arguments, emit) => Paths(machine, input, value => arguments[0].Holds(machine, value), emit));
        table.Closure("leaf_paths", 0, (machine, input, _, emit) => Paths(machine, input, value => value is not (JqArray or JqObject), emit));
        table.Closure("getpath", 1, (machine, input, arguments, emit) => arguments[0].Run(machine, input.Plain, path => GetPath(input, Keys(path.Value), emit)));
        table.Value("setpath", (input, path, value) => JqPaths.Set(input, Keys(path), value));
        table.Value("delpaths", (input, paths) => JqPaths.Delete(input, Keys(paths).Select(Keys)));
        table.Closure("del", 1, (machine, input, arguments, emit) => emit(input.Computed(JqPaths.Delete(input.Value, PathsOf(machine, input, arguments[0]).Select(path => path.Items)))));
        table.Closure("to_entries", 0, (_, input, _, emit) => emit(input.Computed(ToEntries(input.Value))));
        table.Closure("pick", 1, (machine, input, arguments, emit) => emit(input.Computed(PathsOf(machine, input, arguments[0])
            .Aggregate(JqValue.Null, (picked, path) => JqPaths.Set(picked, path.Items, JqPaths.Get(input.Value, path.Items))))));
        table.Value("type", input => JqValue.Of(input.TypeName));
        foreach (var (name, holds) in Selections)
        {
            table.Closure(name, 0, (_, input, _, emit) => !holds(input.Value) || emit(input));
        }

        table.Value("tojson", input => JqValue.Of(JqText.Write(input)));
        table.Value("fromjson", input => JqJson.Parse(JqStrings.Text(input, "only strings can be parsed")));
        table.Value("tostring", input => input is JqString ? input : JqValue.Of(JqText.Write(input)));
        table.Closure("env", 0, (_, input, _, emit) => emit(input.Computed(JqObject.Empty)));
        table.Closure("input", 0, (_, _, _, _) => throw new JqError("No more inputs"));
        table.Closure("inputs", 0, (_, _, _, _) => true);
        table.Closure("debug", 0, (_, input, _, emit) => emit(input));
        table.Closure("debug", 1, (_, input, _, emit) => emit(input));
        table.Closure("stderr", 0, (_, input, _, emit) => emit(input));
        table.Value("input_filename", _ => JqValue.Null);
        table.Value("input_line_number", _ => JqValue.Of(0.0));
        table.Closure("halt_error", 0, (_, input, _, _) => throw new JqError(input.Value));
        table.Value("have_literal_numbers", _ => JqValue.True);
        table.Value("have_decnum", _ => JqValue.False);
    }

    private static readonly (string Name, Func<JqValue, bool> Holds)[] Selections =
    [
        ("arrays", value => value is JqArray), ("objects", value => value is JqObject), ("iterables", value => value is JqArray or JqObject),
        ("booleans", value => value is JqBool), ("numbers", value => value is JqNumber), ("strings", value => value is JqString), ("nulls", value => value is JqNull),
        ("values", value => value is not JqNull), ("scalars", value => value is not (JqArray or JqObject)),
        ("finites", value => value is JqNumber number && double.IsFinite(number.Value)), ("normals", value => value is JqNumber number && double.IsNormal(number.Value)),
    ];

    public static JqArray PathOf(JqItem item) => item.Path is null || item.Path == JqPath.None
        ? throw new JqError($"Invalid path expression with result {JqText.Short(item.Value)}")
        : item.Path.ToArray();

    private static List<JqArray> PathsOf(JqMachine machine, JqItem input, JqClosure target)
    {
        List<JqArray> paths = [];
        target.Run(machine, new(input.Value, JqPath.Root), item =>
        {
            paths.Add(PathOf(item));
            return true;
        });
        return paths;
    }

    public static IReadOnlyList<JqValue> Keys(JqValue path) => path is JqArray list ? list.Items : throw new JqError("Path must be specified as an array");

    private static bool GetPath(JqItem input, IReadOnlyList<JqValue> keys, JqEmit emit)
    {
        foreach (var key in keys)
        {
            input = input.Step(key, input.Value is JqNull ? JqValue.Null : JqPaths.Index(input.Value, key));
        }

        return emit(input);
    }

    private static bool Paths(JqMachine machine, JqItem input, Func<JqValue, bool> holds, JqEmit emit) =>
        JqStreams.Descend(machine, new(input.Value, JqPath.Root), item => PathOf(item) is { Items.Count: > 0 } path && holds(item.Value) ? emit(input.Computed(path)) : true);

    private static JqValue ToEntries(JqValue value) => value is JqObject map
        ? JqValue.Of([.. map.Members.Select(entry => new JqObject(new(StringComparer.Ordinal) { ["key"] = JqValue.Of(entry.Key), ["value"] = entry.Value }))])
        : throw new JqError($"{value.TypeName} ({JqText.Short(value)}) has no keys");
}
