namespace Idflow.Engine.Jq;

using Table = Dictionary<(string Name, int Arity), JqBuiltin>;

/// <summary>Functions over numbers.</summary>
internal static class JqMath
{
    private static readonly (string Name, Func<double, double> Apply)[] Unary =
    [
        ("floor", Math.Floor), ("ceil", Math.Ceiling), ("round", x => Math.Round(x, MidpointRounding.AwayFromZero)), ("trunc", Math.Truncate), ("nearbyint", Math.Round), ("rint", Math.Round),
        ("sqrt", Math.Sqrt), ("cbrt", Math.Cbrt), ("fabs", Math.Abs), ("exp", Math.Exp), ("exp2", x => Math.Pow(2, x)), ("exp10", x => Math.Pow(10, x)), ("expm1", x => Math.Exp(x) - 1),
        ("log", Math.Log), ("log2", Math.Log2), ("log10", Math.Log10), ("log1p", x => Math.Log(1 + x)), ("logb", x => x == 0 ? double.NegativeInfinity : Math.ILogB(x)),
        ("sin", Math.Sin), ("cos", Math.Cos), ("tan", Math.Tan), ("asin", Math.Asin), ("acos", Math.Acos), ("atan", Math.Atan),
        ("sinh", Math.Sinh), ("cosh", Math.Cosh), ("tanh", Math.Tanh), ("asinh", Math.Asinh), ("acosh", Math.Acosh), ("atanh", Math.Atanh),
        ("significand", x => x == 0 || !double.IsFinite(x) ? x : x / Math.Pow(2, Math.ILogB(x))),
    ];

    private static readonly (string Name, Func<double, double, double> Apply)[] Binary =
    [
        ("pow", Math.Pow), ("atan2", Math.Atan2), ("fmod", (x, y) => x % y), ("fmin", Math.Min), ("fmax", Math.Max), ("ldexp", (x, y) => Math.ScaleB(x, (int)y)), ("scalb", (x, y) => Math.ScaleB(x, (int)y)),
        ("copysign", Math.CopySign), ("hypot", double.Hypot), ("drem", Math.IEEERemainder),
    ];

    public static void Add(Table table)
    {
        foreach (var (name, apply) in Unary)
        {
            table.Value(name, input => JqValue.Of(apply(Number(input))));
        }

        foreach (var (name, apply) in Binary)
        {
            table.Value(name, (_, x, y) => JqValue.Of(apply(Number(x), Number(y))));
        }

        table[("fma", 3)] = JqBuiltin.Value(3, (_, _, values) => JqValue.Of(Math.FusedMultiplyAdd(Number(values[0]), Number(values[1]), Number(values[2]))));
        table.Value("abs", input => input is JqNumber { Value: >= 0 } ? input : JqValue.Of(Math.Abs(Number(input))));
        table.Value("infinite", _ => JqValue.Of(double.PositiveInfinity));
        table.Value("nan", _ => JqValue.Of(double.NaN));
        table.Value("isinfinite", input => JqValue.Of(double.IsInfinity(Number(input))));
        table.Value("isnan", input => JqValue.Of(double.IsNaN(Number(input))));
        table.Value("isnormal", input => JqValue.Of(double.IsNormal(Number(input))));
        table.Value("frexp", input => Split(Number(input)));
        table.Value("modf", input => JqValue.Of([JqValue.Of(Number(input) - Math.Truncate(Number(input))), JqValue.Of(Math.Truncate(Number(input)))]));
    }

    private static JqValue Split(double number)
    {
        if (number == 0 || !double.IsFinite(number))
        {
            return JqValue.Of([JqValue.Of(number), JqValue.Of(0.0)]);
        }

        var exponent = Math.ILogB(number) + 1;
        return JqValue.Of([JqValue.Of(Math.ScaleB(number, -exponent)), JqValue.Of((double)exponent)]);
    }

    private static double Number(JqValue value) => value is JqNumber number ? number.Value : throw new JqError($"{value.TypeName} ({JqText.Short(value)}) number required");
}
