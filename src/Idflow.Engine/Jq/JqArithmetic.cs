namespace Idflow.Engine.Jq;

/// <summary>The operators of jq over its types.</summary>
internal static class JqArithmetic
{
    public static JqValue Add(JqValue a, JqValue b)
    {
        switch (a, b)
        {
            case (JqNull, _):
                return b;
            case (_, JqNull):
                return a;
            case (JqNumber x, JqNumber y):
                return JqValue.Of(x.Value + y.Value);
            case (JqString x, JqString y):
                JqLimits.CheckLength((long)x.Value.Length + y.Value.Length);
                return JqValue.Of(x.Value + y.Value);
            case (JqArray x, JqArray y):
                JqLimits.CheckLength((long)x.Items.Count + y.Items.Count);
                return JqValue.Of([.. x.Items, .. y.Items]);
            case (JqObject x, JqObject y):
                var members = new Dictionary<string, JqValue>(x.Members, StringComparer.Ordinal);
                foreach (var (key, value) in y.Members)
                {
                    members[key] = value;
                }

                return new JqObject(members);
            default:
                throw Cannot(a, b, "added");
        }
    }

    public static JqValue Subtract(JqValue a, JqValue b) => (a, b) switch
    {
        (JqNumber x, JqNumber y) => JqValue.Of(x.Value - y.Value),
        (JqArray x, JqArray y) => JqValue.Of([.. x.Items.Where(item => !y.Items.Any(gone => gone.CompareTo(item) == 0))]),
        _ => throw Cannot(a, b, "subtracted"),
    };

    public static JqValue Multiply(JqValue a, JqValue b)
    {
        switch (a, b)
        {
            case (JqNumber x, JqNumber y):
                return JqValue.Of(x.Value * y.Value);
            case (JqString text, JqNumber times):
                return Repeat(text.Value, times.Value);
            case (JqNumber times, JqString text):
                return Repeat(text.Value, times.Value);
            case (JqObject x, JqObject y):
                return Merge(x, y);
            default:
                throw Cannot(a, b, "multiplied");
        }
    }

    private static JqValue Repeat(string text, double times)
    {
        if (double.IsNaN(times) || times <= 0)
        {
            return JqValue.Null;
        }

        var count = Math.Max(1, Math.Min(Math.Truncate(times), int.MaxValue));
        JqLimits.CheckLength((long)(count * text.Length));
        return JqValue.Of(string.Concat(Enumerable.Repeat(text, (int)count)));
    }

    /// <summary>Maps are merged all the way down; anything else is replaced.</summary>
    private static JqObject Merge(JqObject a, JqObject b)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        var members = new Dictionary<string, JqValue>(a.Members, StringComparer.Ordinal);
        foreach (var (key, value) in b.Members)
        {
            members[key] = members.TryGetValue(key, out var before) && before is JqObject x && value is JqObject y ? Merge(x, y) : value;
        }

        return new(members);
    }

    public static JqValue Divide(JqValue a, JqValue b) => (a, b) switch
    {
        (JqNumber, JqNumber { Value: 0 }) => throw Cannot(a, b, "divided because the divisor is zero"),
        (JqNumber x, JqNumber y) => JqValue.Of(x.Value / y.Value),
        (JqString x, JqString y) => JqStrings.Split(x.Value, y.Value),
        _ => throw Cannot(a, b, "divided"),
    };

    public static JqValue Modulo(JqValue a, JqValue b)
    {
        if (a is not JqNumber x || b is not JqNumber y)
        {
            throw Cannot(a, b, "divided");
        }

        if (double.IsNaN(x.Value) || double.IsNaN(y.Value))
        {
            return JqValue.Of(double.NaN);
        }

        var divisor = Whole(y.Value);
        if (divisor == 0)
        {
            throw Cannot(a, b, "divided (remainder) because the divisor is zero");
        }

        var rest = (double)(Math.Abs((decimal)Whole(x.Value)) % Math.Abs((decimal)divisor));
        return JqValue.Of(x.Value < 0 && rest != 0 ? -rest : rest);
    }

    private static long Whole(double value) => value >= long.MaxValue ? long.MaxValue : value <= long.MinValue ? long.MinValue : (long)value;

    public static JqValue Equal(JqValue a, JqValue b) => JqValue.Of(!HasNaN(a, b) && a.CompareTo(b) == 0);

    public static JqValue NotEqual(JqValue a, JqValue b) => JqValue.Of(HasNaN(a, b) || a.CompareTo(b) != 0);

    /// <summary>NaN is less than every number, itself included.</summary>
    public static JqValue Less(JqValue a, JqValue b) => JqValue.Of(HasNaN(a, b) && a is JqNumber && b is JqNumber ? double.IsNaN(((JqNumber)a).Value) : a.CompareTo(b) < 0);

    public static JqValue LessOrEqual(JqValue a, JqValue b) => JqValue.Of(Less(a, b).IsTrue || Equal(a, b).IsTrue);

    public static JqValue Greater(JqValue a, JqValue b) => Less(b, a);

    public static JqValue GreaterOrEqual(JqValue a, JqValue b) => JqValue.Of(Less(b, a).IsTrue || Equal(a, b).IsTrue);

    private static bool HasNaN(JqValue a, JqValue b) => a is JqNumber x && double.IsNaN(x.Value) || b is JqNumber y && double.IsNaN(y.Value);

    private static JqError Cannot(JqValue a, JqValue b, string what) =>
        new($"{a.TypeName} ({JqText.Short(a)}) and {b.TypeName} ({JqText.Short(b)}) cannot be {what}");
}
