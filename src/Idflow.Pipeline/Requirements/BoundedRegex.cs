using System.Text.RegularExpressions;

namespace Idflow.Pipeline.Requirements;

/// <summary>
/// A regular expression that cannot hang: matched in linear time where the pattern allows it, else (look-around,
/// back-references) with a time limit.
/// </summary>
internal sealed class BoundedRegex
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly Regex _regex;

    private BoundedRegex(Regex regex) => _regex = regex;

    /// <exception cref="ArgumentException">The pattern is invalid; the message says where.</exception>
    public static BoundedRegex Parse(string pattern, bool caseSensitive)
    {
        var options = RegexOptions.CultureInvariant | (caseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase);
        try
        {
            return new(new Regex(pattern, options | RegexOptions.NonBacktracking, Limit));
        }
        catch (NotSupportedException)
        {
            return new(new Regex(pattern, options, Limit));
        }
    }

    /// <summary>Null when the time limit was reached.</summary>
    public bool? IsMatch(string text)
    {
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }
}
