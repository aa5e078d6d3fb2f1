namespace Idflow.Documents.Query;

/// <summary>The known name nearest to a mistyped one.</summary>
internal static class Nearest
{
    /// <summary>The end of a message: <c>; did you mean 'x'?</c> or the list of what is known.</summary>
    public static string Hint(string given, IReadOnlyList<string> known)
    {
        var best = known.MinBy(name => Distance(given.ToLowerInvariant(), name))!;
        return Distance(given.ToLowerInvariant(), best) <= Math.Max(1, best.Length / 3)
            ? $"; did you mean '{best}'?"
            : $"; it is one of {string.Join(", ", known)}.";
    }

    /// <summary>The number of letters to insert, delete or replace (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        var current = new int[right.Length + 1];
        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[right.Length];
    }
}
