namespace Idflow.Documents.Query;

/// <summary>Says which known name a mistyped one may have meant.</summary>
internal static class Nearest
{
    /// <summary>The end of a message: <c>; did you mean 'x'?</c> or the list of what is known.</summary>
    public static string Hint(string given, IReadOnlyList<string> known) => NearestName.Of(given, known) is { } nearest
        ? $"; did you mean '{nearest}'?"
        : $"; it is one of {string.Join(", ", known)}.";
}
