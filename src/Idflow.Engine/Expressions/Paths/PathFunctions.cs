using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Idflow.Engine.Expressions.Paths;

internal enum PathFunction { Length, Size, Keys, Min, Max, Avg, Sum, Stddev, Concat, Append }

/// <summary>The functions of Jayway JsonPath.</summary>
internal static class PathFunctions
{
    private static readonly Dictionary<string, PathFunction> Known = new(StringComparer.Ordinal)
    {
        ["length"] = PathFunction.Length,
        ["size"] = PathFunction.Size,
        ["keys"] = PathFunction.Keys,
        ["min"] = PathFunction.Min,
        ["max"] = PathFunction.Max,
        ["avg"] = PathFunction.Avg,
        ["sum"] = PathFunction.Sum,
        ["stddev"] = PathFunction.Stddev,
        ["concat"] = PathFunction.Concat,
        ["append"] = PathFunction.Append,
    };

    public static IEnumerable<string> Names => Known.Keys;

    public static bool TryParse(string name, out PathFunction function) => Known.TryGetValue(name, out function);

    /// <summary>False where the function has no value, such as the largest of no numbers.</summary>
    public static bool TryApply(PathFunction function, JsonNode? model, IReadOnlyList<PathParameter> parameters, PathContext context, out JsonNode? value)
    {
        value = null;
        switch (function)
        {
            case PathFunction.Length or PathFunction.Size:
                value = model switch { JsonArray list => JsonValue.Create(list.Count), JsonObject map => JsonValue.Create(map.Count), _ => null };
                return true;
            case PathFunction.Keys:
                value = model is JsonObject keyed ? new JsonArray([.. keyed.Select(entry => (JsonNode?)JsonValue.Create(entry.Key))]) : null;
                return true;
            case PathFunction.Concat:
                value = JsonValue.Create(Concat(model, parameters, context));
                return true;
            case PathFunction.Append:
                value = Append(model, parameters, context);
                return true;
            default:
                return TryAggregate(function, Numbers(model, parameters, context), out value);
        }
    }

    private static bool TryAggregate(PathFunction function, List<double> numbers, out JsonNode? value)
    {
        value = null;
        if (numbers.Count == 0)
        {
            return false;
        }

        var mean = numbers.Average();
        value = Double(function switch
        {
            PathFunction.Min => numbers.Min(),
            PathFunction.Max => numbers.Max(),
            PathFunction.Sum => numbers.Sum(),
            PathFunction.Avg => mean,
            _ => Math.Sqrt(numbers.Sum(number => number * number) / numbers.Count - mean * mean),
        });
        return true;
    }

    /// <summary>Whole ones keep their <c>.0</c>: in a text an aggregate reads as the double it is.</summary>
    private static JsonValue Double(double number) =>
        Math.Abs(number) < 1e15 && number == Math.Truncate(number) ? JsonValue.Create((decimal)number + 0.0m) : JsonValue.Create(number);

    private static List<double> Numbers(JsonNode? model, IReadOnlyList<PathParameter> parameters, PathContext context) =>
        [.. Items(model, parameters, context).Where(item => item?.GetValueKind() == JsonValueKind.Number).Select(item => double.Parse(item!.ToJsonString(), CultureInfo.InvariantCulture))];

    private static string Concat(JsonNode? model, IReadOnlyList<PathParameter> parameters, PathContext context)
    {
        var text = new StringBuilder();
        foreach (var item in Items(model, parameters, context))
        {
            if (item?.GetValueKind() == JsonValueKind.String)
            {
                text.Append(item.GetValue<string>());
            }
        }

        return text.ToString();
    }

    private static JsonNode? Append(JsonNode? model, IReadOnlyList<PathParameter> parameters, PathContext context)
    {
        if (model is not JsonArray list)
        {
            return model;
        }

        var longer = (JsonArray)list.DeepClone();
        foreach (var parameter in parameters)
        {
            longer.Add(parameter.Resolve(context)?.DeepClone());
        }

        return longer;
    }

    private static IEnumerable<JsonNode?> Items(JsonNode? model, IReadOnlyList<PathParameter> parameters, PathContext context)
    {
        foreach (var item in model as JsonArray ?? [])
        {
            yield return item;
        }

        foreach (var parameter in parameters)
        {
            switch (parameter.Resolve(context))
            {
                case JsonArray several:
                    foreach (var item in several)
                    {
                        yield return item;
                    }

                    break;
                case var one:
                    yield return one;
                    break;
            }
        }
    }
}
