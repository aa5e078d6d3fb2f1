using Idflow.Documents.Query;
using Idflow.Pipeline.Sources;

namespace Idflow.Pipeline.Requirements;

/// <summary>Evaluates one attribute check.</summary>
internal static class AttributeCheckEvaluator
{
    public static RequirementResult Evaluate(string stageName, string key, AttributeCheck check, DocumentAttributes attributes)
    {
        var wanted = $"{check.Attribute} {check.Operator} {ValueNames.Show(check.Value)}{(check.CaseSensitive ? "" : " (case does not count)")}";
        var isThere = attributes.TryGet(check.Attribute, out var value) && value is not null;
        if (check is { Operator: AttributeOperator.IS, Value: null })
        {
            return new(key, !isThere, wanted, isThere ? $"{check.Attribute} = {ValueNames.Show(value)}" : $"no attribute '{check.Attribute}'")
            {
                Missing = isThere ? $"the attribute '{check.Attribute}' must not be there, or be null" : null,
            };
        }

        if (!isThere)
        {
            return new(key, false, wanted, $"no attribute '{check.Attribute}'") { Missing = $"the attribute '{check.Attribute}' is missing" };
        }

        var (holds, warning) = Check(check, value);
        return new(key, holds, wanted, $"{check.Attribute} = {ValueNames.Show(value)}")
        {
            Missing = holds ? null : $"'{check.Attribute}' must be {check.Operator} {ValueNames.Show(check.Value)}, it is {ValueNames.Show(value)}",
            Warning = warning is null ? null : $"Stage '{stageName}', attribute '{check.Attribute}': {warning}",
        };
    }

    private static (bool Holds, string? Warning) Check(AttributeCheck check, object? value) => check.Operator switch
    {
        AttributeOperator.EQ or AttributeOperator.IS => (IsEqual(check, value), null),
        AttributeOperator.NE or AttributeOperator.IS_NOT => (!IsEqual(check, value), null),
        AttributeOperator.GT => Order(check, value, order => order > 0),
        AttributeOperator.GTE => Order(check, value, order => order >= 0),
        AttributeOperator.LT => Order(check, value, order => order < 0),
        AttributeOperator.LTE => Order(check, value, order => order <= 0),
        AttributeOperator.CP => (IsPattern(check, value), null),
        AttributeOperator.NP => (!IsPattern(check, value), null),
        _ => Regex(check, value),
    };

    private static bool IsEqual(AttributeCheck check, object? value)
    {
        // A body typed into a block scalar ends with a line end that nobody means.
        var expected = check.Attribute == "body" && check.Value is string text ? text.TrimEnd('\r', '\n') : check.Value;
        return PropertyComparison.AreEqual(value, expected, check.CaseSensitive);
    }

    private static (bool, string?) Order(AttributeCheck check, object? value, Func<int, bool> holds) =>
        PropertyComparison.Compare(value, check.Value, check.CaseSensitive) is { } order
            ? (holds(order), null)
            : (false, $"{PropertyText.KindOf(value)} and {PropertyText.KindOf(check.Value)} cannot be compared by {check.Operator}; the check counts as false.");

    private static bool IsPattern(AttributeCheck check, object? value) =>
        value is string text && check.Pattern is { } pattern && pattern.IsMatch(PropertyComparison.Fold(text, check.CaseSensitive));

    private static (bool, string?) Regex(AttributeCheck check, object? value)
    {
        var negated = check.Operator == AttributeOperator.NOT_REGEX;
        if (value is not string text || check.Regex is not { } regex)
        {
            return (negated, null);
        }

        return regex.IsMatch(text) is { } found
            ? (found != negated, null)
            : (false, $"the regular expression {ValueNames.Show(check.Value)} took too long; the check counts as false. Write it without nested repetitions or back-references.");
    }
}
