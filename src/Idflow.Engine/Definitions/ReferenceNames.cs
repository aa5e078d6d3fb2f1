using System.Globalization;

namespace Idflow.Engine.Definitions;

/// <summary>Names of loop members on the wire: the reference name, two underscores and the iteration.</summary>
internal static class ReferenceNames
{
    private const string Separator = "__";

    public static string InIteration(string reference, int iteration) =>
        iteration == 0 ? reference : string.Create(CultureInfo.InvariantCulture, $"{reference}{Separator}{iteration}");

    public static string WithoutIteration(string reference)
    {
        var at = reference.IndexOf(Separator, StringComparison.Ordinal);
        return at < 0 ? reference : reference[..at];
    }
}
