using System.Globalization;

namespace Idflow.Cli.Rendering;

/// <summary>A number with the name of what is counted: <c>1 error</c>, <c>2 errors</c>.</summary>
internal static class Counted
{
    /// <param name="count">How many.</param>
    /// <param name="name">The name of one; its plural ends with an s.</param>
    public static string Of(long count, string name) => string.Create(CultureInfo.InvariantCulture, $"{count} {name}{(count == 1 ? "" : "s")}");
}
