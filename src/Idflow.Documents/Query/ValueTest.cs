using System.Text.RegularExpressions;
using Idflow.Documents.Model;

namespace Idflow.Documents.Query;

/// <summary>What a filter asks of one value; where the value is a list, of its items (one is enough).</summary>
internal abstract class ValueTest
{
    /// <summary>How long one text may keep a regular expression that needs backtracking busy.</summary>
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromMilliseconds(250);

    /// <summary>Null stands for a missing value.</summary>
    public virtual bool Holds(object? value) =>
        value is IReadOnlyList<object?> list ? list.Any(HoldsForItem) : HoldsForItem(value);

    /// <exception cref="FilterException">The operand does not fit the operator.</exception>
    public static ValueTest Create(FilterOperator filterOperator, string operand) => filterOperator switch
    {
        FilterOperator.Exists => new ExistenceTest(expected: true),
        FilterOperator.Missing => new ExistenceTest(expected: false),
        FilterOperator.Matches => EqualityOf(operand),
        FilterOperator.NotMatches => new NegatedTest(EqualityOf(operand)),
        FilterOperator.Equal => new EqualityTest(operand),
        FilterOperator.Regex => new RegexTest(CompileRegex(operand)),
        _ => new OrderTest(filterOperator, ComparableValue.OfText(operand)),
    };

    protected abstract bool HoldsForItem(object? item);

    private static ValueTest EqualityOf(string operand) =>
        Wildcard.HasWildcards(operand) ? new WildcardTest(Wildcard.Parse(operand)) : new EqualityTest(operand);

    /// <summary>Linear-time matching where the expression allows it; look-around and back references get a time limit instead.</summary>
    private static Regex CompileRegex(string expression)
    {
        try
        {
            return new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, RegexTimeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(expression, RegexOptions.CultureInvariant, RegexTimeout);
        }
        catch (ArgumentException exception)
        {
            throw new FilterException($"'{expression}' is not a regular expression: {exception.Message}");
        }
    }

    private sealed class ExistenceTest(bool expected) : ValueTest
    {
        public override bool Holds(object? value) => value is not null == expected;

        protected override bool HoldsForItem(object? item) => Holds(item);
    }

    private sealed class NegatedTest(ValueTest test) : ValueTest
    {
        public override bool Holds(object? value) => !test.Holds(value);

        protected override bool HoldsForItem(object? item) => Holds(item);
    }

    /// <summary>The same text, or the same number or instant in another notation where the value itself is typed.</summary>
    private sealed class EqualityTest(string operand) : ValueTest
    {
        private readonly ComparableValue _operand = ComparableValue.OfText(operand);

        protected override bool HoldsForItem(object? item) => item switch
        {
            string text => text == _operand.Text,
            PropertyMap => false,
            null or bool => PropertyText.Of(item) == _operand.Text,
            _ => ComparableValue.TryCreate(item, out var value)
                ? value.Text == _operand.Text || (value.Kind == _operand.Kind && ComparableValue.Compare(value, _operand) == 0)
                : PropertyText.Of(item) == _operand.Text,
        };
    }

    private sealed class WildcardTest(Wildcard pattern) : ValueTest
    {
        protected override bool HoldsForItem(object? item) => item is not (null or PropertyMap) && pattern.IsMatch(PropertyText.Of(item));
    }

    private sealed class RegexTest(Regex regex) : ValueTest
    {
        protected override bool HoldsForItem(object? item) => item is not (null or PropertyMap) && regex.IsMatch(PropertyText.Of(item));
    }

    private sealed class OrderTest(FilterOperator filterOperator, ComparableValue operand) : ValueTest
    {
        protected override bool HoldsForItem(object? item)
        {
            if (!ComparableValue.TryCreate(item, out var value) || value.Kind == ValueKind.Boolean)
            {
                return false;
            }

            var order = operand.Kind == ValueKind.Text && item is string text
                ? string.CompareOrdinal(text, operand.Text)
                : ComparableValue.Compare(value, operand);
            return filterOperator switch
            {
                FilterOperator.Greater => order > 0,
                FilterOperator.GreaterOrEqual => order >= 0,
                FilterOperator.Less => order < 0,
                _ => order <= 0,
            };
        }
    }
}
