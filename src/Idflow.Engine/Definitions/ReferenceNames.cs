using System.Globalization;

namespace Idflow.Engine.Definitions;

/// <summary>
/// Names of loop members on the wire: the reference name, two underscores and the iteration. A loop inside of a loop has such a name itself,
/// and its members carry the iterations of both, the outer one first: <c>task__2__1</c>.
/// </summary>
internal static class ReferenceNames
{
    private const string Separator = "__";

    /// <param name="reference">The name in the definition.</param>
    /// <param name="loop">The name of the loop's task; null outside of loops.</param>
    /// <param name="iteration">The loop's pass, from 1.</param>
    public static string InIteration(string reference, string? loop, int iteration) => loop is null ? reference
        : string.Create(CultureInfo.InvariantCulture, $"{reference}{loop.AsSpan(WithoutIteration(loop).Length)}{Separator}{iteration}");

    /// <summary>The name in the definition, which may hold two underscores itself.</summary>
    public static string WithoutIteration(string reference)
    {
        while (Split(reference) is ({ Length: > 0 } rest, > 0))
        {
            reference = rest;
        }
        return reference;
    }

    /// <summary>The pass of the innermost loop that a member's name says; 0 when it says none.</summary>
    public static int IterationOf(string reference) => Split(reference).Iteration;

    private static (string Outer, int Iteration) Split(string reference)
    {
        var at = reference.LastIndexOf(Separator, StringComparison.Ordinal);
        return at >= 0 && int.TryParse(reference.AsSpan(at + Separator.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var iteration) ? (reference[..at], iteration) : (reference, 0);
    }
}
