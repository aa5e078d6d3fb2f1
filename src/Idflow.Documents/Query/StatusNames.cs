using Idflow.Documents.Model;

namespace Idflow.Documents.Query;

/// <summary>The lower-case names of document and stage statuses.</summary>
internal static class StatusNames
{
    private static readonly string[] Documents = [.. Enum.GetNames<DocumentStatus>().Select(name => name.ToLowerInvariant())];

    private static readonly string[] Stages = [.. Enum.GetNames<StageStatus>().Select(name => name.ToLowerInvariant())];

    public static string Of(DocumentStatus status) => Documents[(int)status];

    /// <summary>Refuses a status that no document can have; patterns, orders and regular expressions pass.</summary>
    public static void RequireKnown(FilterOperator filterOperator, string operand)
    {
        var isPlain = filterOperator == FilterOperator.Equal
            || (filterOperator is FilterOperator.Matches or FilterOperator.NotMatches && !Wildcard.HasWildcards(operand));
        if (isPlain && !Documents.Contains(operand))
        {
            throw new FilterException($"there is no document status '{operand}'{Nearest.Hint(operand, Documents)}");
        }
    }

    public static StageStatus ParseStage(string text)
    {
        var index = Array.IndexOf(Stages, text);
        return index >= 0
            ? (StageStatus)index
            : throw new FilterException($"there is no stage status '{text}'{Nearest.Hint(text, Stages)}");
    }
}
