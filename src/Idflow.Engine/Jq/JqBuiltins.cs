namespace Idflow.Engine.Jq;

/// <summary>A function that is built in.</summary>
internal sealed class JqBuiltin(Func<JqMachine, JqItem, JqClosure[], JqEmit, bool> run)
{
    public bool Run(JqMachine machine, JqItem input, JqClosure[] arguments, JqEmit emit) => run(machine, input, arguments, emit);

    /// <summary>One result for each combination of the outputs of its arguments; the last one varies slowest.</summary>
    public static JqBuiltin Value(int arity, Func<JqMachine, JqValue, JqValue[], JqValue> apply) => new((machine, input, arguments, emit) =>
        Combine(machine, input, arguments, new JqValue[arity], arity - 1, values => emit(input.Computed(apply(machine, input.Value, values)))));

    /// <summary>As <see cref="Value"/>, with any number of results.</summary>
    public static JqBuiltin Values(int arity, Func<JqMachine, JqItem, JqValue[], JqEmit, bool> apply) => new((machine, input, arguments, emit) =>
        Combine(machine, input, arguments, new JqValue[arity], arity - 1, values => apply(machine, input, values, emit)));

    private static bool Combine(JqMachine machine, JqItem input, JqClosure[] arguments, JqValue[] values, int at, Func<JqValue[], bool> then) => at < 0
        ? then(values)
        : arguments[at].Run(machine, input.Plain, item =>
        {
            values[at] = item.Value;
            return Combine(machine, input, arguments, values, at - 1, then);
        });
}

/// <summary>All functions that are built in, by name and number of arguments.</summary>
internal static class JqBuiltins
{
    private static readonly Dictionary<(string Name, int Arity), JqBuiltin> Known = Create();

    public static JqBuiltin? Find(string name, int arity) => Known.GetValueOrDefault((name, arity));

    public static IEnumerable<string> Names => Known.Keys.Select(key => $"{key.Name}/{key.Arity}");

    private static Dictionary<(string Name, int Arity), JqBuiltin> Create()
    {
        var table = new Dictionary<(string, int), JqBuiltin>();
        JqFunctions.Add(table);
        JqStreams.Add(table);
        JqCollections.Add(table);
        JqStrings.Add(table);
        JqRegex.Add(table);
        JqMath.Add(table);
        JqDates.Add(table);
        table[("builtins", 0)] = JqBuiltin.Value(0, (_, _, _) => JqValue.Of([.. Names.Select(JqValue.Of)]));
        return table;
    }

    public static void Value(this Dictionary<(string, int), JqBuiltin> table, string name, Func<JqValue, JqValue> apply) =>
        table[(name, 0)] = JqBuiltin.Value(0, (_, input, _) => apply(input));

    public static void Value(this Dictionary<(string, int), JqBuiltin> table, string name, Func<JqValue, JqValue, JqValue> apply) =>
        table[(name, 1)] = JqBuiltin.Value(1, (_, input, values) => apply(input, values[0]));

    public static void Value(this Dictionary<(string, int), JqBuiltin> table, string name, Func<JqValue, JqValue, JqValue, JqValue> apply) =>
        table[(name, 2)] = JqBuiltin.Value(2, (_, input, values) => apply(input, values[0], values[1]));

    public static void Closure(this Dictionary<(string, int), JqBuiltin> table, string name, int arity, Func<JqMachine, JqItem, JqClosure[], JqEmit, bool> run) =>
        table[(name, arity)] = new(run);
}
