using Idflow.Conductor.Model;
using Idflow.Engine.Storage;

namespace Idflow.Engine.Operations;

/// <summary>Reads a search request: conditions joined by <c> AND </c>, orders joined by <c>|</c>.</summary>
internal static class SearchText
{
    public static SearchCriteria Read(SearchRequest request) => new(
        [.. (request.Query ?? "").Split(" AND ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Condition).OfType<SearchCondition>()],
        string.IsNullOrWhiteSpace(request.FreeText) || request.FreeText == "*" ? null : request.FreeText,
        [.. (request.Sort ?? "").Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Sort)],
        request.Start, request.Size);

    private static SearchCondition? Condition(string text)
    {
        var at = text.IndexOfAny(['=', '<', '>']);
        if (at > 0)
        {
            var operation = text[at] switch { '=' => SearchOperator.Equal, '>' => SearchOperator.Greater, _ => SearchOperator.Less };
            return new SearchCondition(text[..at].Trim(), operation, [Value(text[(at + 1)..])]);
        }
        var list = text.IndexOf(" IN ", StringComparison.OrdinalIgnoreCase);
        return list <= 0 ? null : new SearchCondition(text[..list].Trim(), SearchOperator.In, [.. text[(list + 4)..].Trim().Trim('(', ')').Split(',').Select(Value)]);
    }

    private static SearchSort Sort(string text) =>
        text.Split(':', 2) is [var field, var order] ? new SearchSort(field, order.Equals("DESC", StringComparison.OrdinalIgnoreCase)) : new SearchSort(text, false);

    private static string Value(string text) => text.Trim().Trim('\'', '"').Trim();
}
