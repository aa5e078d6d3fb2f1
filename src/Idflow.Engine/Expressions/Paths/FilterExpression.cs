using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Idflow.Engine.Expressions.Paths;

/// <summary>The condition of <c>[?(..)]</c>.</summary>
internal abstract record FilterExpression
{
    /// <param name="candidate">What <c>@</c> names.</param>
    public abstract bool Holds(JsonNode? candidate, PathContext context);
}

internal sealed record AndFilter(FilterExpression Left, FilterExpression Right) : FilterExpression
{
    public override bool Holds(JsonNode? candidate, PathContext context) => Left.Holds(candidate, context) && Right.Holds(candidate, context);
}

internal sealed record OrFilter(FilterExpression Left, FilterExpression Right) : FilterExpression
{
    public override bool Holds(JsonNode? candidate, PathContext context) => Left.Holds(candidate, context) || Right.Holds(candidate, context);
}

internal sealed record NotFilter(FilterExpression Inner) : FilterExpression
{
    public override bool Holds(JsonNode? candidate, PathContext context) => !Inner.Holds(candidate, context);
}

/// <summary>A path alone: true where something is there, null included.</summary>
internal sealed record ExistsFilter(FilterOperand Operand) : FilterExpression
{
    public override bool Holds(JsonNode? candidate, PathContext context) =>
        Operand.TryResolve(candidate, context, out var value) && (Operand.Path is not null || value?.GetValueKind() == JsonValueKind.True);
}

internal enum FilterOperator { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Matches, In, NotIn, SubsetOf, AnyOf, NoneOf, All, Contains, Size, Empty }

/// <summary>A path from the candidate (<c>@</c>) or the root (<c>$</c>), a value, or a regular expression.</summary>
internal sealed record FilterOperand(JsonPath? Path, bool IsRelative, JsonNode? Value, Regex? Pattern)
{
    /// <summary>False for a path that leads nowhere.</summary>
    public bool TryResolve(JsonNode? candidate, PathContext context, out JsonNode? value)
    {
        value = Value;
        if (Path is null)
        {
            return true;
        }

        var found = Path.Find(IsRelative ? candidate : context.Root, 0, context);
        value = Path.IsDefinite ? found.FirstOrDefault() : new JsonArray([.. found.Select(item => item?.DeepClone())]);
        return found.Count > 0 || !Path.IsDefinite;
    }
}

/// <summary>Two operands and an operator; a path that leads nowhere equals nothing, not even null.</summary>
internal sealed record ComparisonFilter(FilterOperand Left, FilterOperator Operator, FilterOperand Right) : FilterExpression
{
    public override bool Holds(JsonNode? candidate, PathContext context)
    {
        var leftIsThere = Left.TryResolve(candidate, context, out var left);
        var rightIsThere = Right.TryResolve(candidate, context, out var right);
        if (Operator == FilterOperator.NotEqual)
        {
            return !(leftIsThere && rightIsThere && AreEqual(left, right));
        }

        if (!leftIsThere || !rightIsThere)
        {
            return false;
        }

        return Operator switch
        {
            FilterOperator.Equal => AreEqual(left, right),
            FilterOperator.Less => Compare(left, right) < 0,
            FilterOperator.LessOrEqual => Compare(left, right) <= 0,
            FilterOperator.Greater => Compare(left, right) > 0,
            FilterOperator.GreaterOrEqual => Compare(left, right) >= 0,
            FilterOperator.Matches => Matches(left, right),
            FilterOperator.In => right is JsonArray list && Has(list, left),
            FilterOperator.NotIn => right is JsonArray list && !Has(list, left),
            FilterOperator.SubsetOf => left is JsonArray part && right is JsonArray whole && part.All(item => Has(whole, item)),
            FilterOperator.AnyOf => left is JsonArray some && right is JsonArray offered && some.Any(item => Has(offered, item)),
            FilterOperator.NoneOf => left is JsonArray none && right is JsonArray excluded && !none.Any(item => Has(excluded, item)),
            FilterOperator.All => left is JsonArray holder && right is JsonArray required && required.All(item => Has(holder, item)),
            FilterOperator.Contains => left is JsonArray container ? Has(container, right) : Text(left) is { } text && Text(right) is { } part && text.Contains(part, StringComparison.Ordinal),
            FilterOperator.Size => Number(right) is { } size && Size(left) == size,
            _ => right?.GetValueKind() is JsonValueKind.True or JsonValueKind.False && Size(left) is { } count && (count == 0) == right.GetValue<bool>(),
        };
    }

    private static bool Has(JsonArray list, JsonNode? value) => list.Any(item => AreEqual(item, value));

    /// <summary>Numbers by value, and a number equals a text that spells it; maps and lists by content.</summary>
    private static bool AreEqual(JsonNode? left, JsonNode? right)
    {
        var (leftKind, rightKind) = (left?.GetValueKind() ?? JsonValueKind.Null, right?.GetValueKind() ?? JsonValueKind.Null);
        if (leftKind == JsonValueKind.Number || rightKind == JsonValueKind.Number)
        {
            return leftKind is JsonValueKind.Number or JsonValueKind.String && rightKind is JsonValueKind.Number or JsonValueKind.String
                && (leftKind == JsonValueKind.String
                    ? Text(left) == JavaText.Of(right)
                    : Number(left) is { } a && (Number(right) ?? Parse(Text(right))) is { } b && a == b);
        }

        return leftKind == rightKind && JsonNode.DeepEquals(left, right);
    }

    /// <summary>Null where the two have no order.</summary>
    private static int? Compare(JsonNode? left, JsonNode? right) =>
        Number(left) is { } a && Number(right) is { } b ? a.CompareTo(b)
        : Text(left) is { } x && Text(right) is { } y ? string.CompareOrdinal(x, y)
        : null;

    private bool Matches(JsonNode? left, JsonNode? right) =>
        Right.Pattern is { } pattern ? Text(left) is { } text && IsMatch(pattern, text)
        : Left.Pattern is { } mirrored && Text(right) is { } other && IsMatch(mirrored, other);

    private static bool IsMatch(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static int? Size(JsonNode? value) => value switch { JsonArray list => list.Count, JsonObject map => map.Count, _ => Text(value)?.Length };

    private static string? Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static double? Number(JsonNode? value) => value?.GetValueKind() == JsonValueKind.Number ? Parse(value.ToJsonString()) : null;

    private static double? Parse(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
