using System.Globalization;
using System.Text;

namespace Idflow.Tasks.Web;

/// <summary>
/// The rules of a robots.txt (RFC 9309): the groups that name the user agent, else those of <c>*</c>; of the rules that match a path
/// the longest wins, of equally long ones the allowing; <c>*</c> and a closing <c>$</c> have their meaning.
/// </summary>
internal sealed class RobotsTxt
{
    /// <summary>Bytes that are read of a file; the RFC asks for at least 500 KiB.</summary>
    public const int MostBytes = 512 * 1024;

    private readonly List<(bool Allow, string Pattern)> _rules;

    private RobotsTxt(List<(bool, string)> rules, TimeSpan? crawlDelay)
    {
        _rules = rules;
        CrawlDelay = crawlDelay;
    }

    /// <summary>No rules: everything is allowed.</summary>
    public static RobotsTxt AllowAll { get; } = new([], null);

    /// <summary>Everything is refused: the server could not say.</summary>
    public static RobotsTxt RefuseAll { get; } = new([(false, "/")], null);

    /// <summary>Seconds between requests that the group asks for; not in the RFC, but widely meant.</summary>
    public TimeSpan? CrawlDelay { get; }

    /// <param name="text">The file.</param>
    /// <param name="agent">The product token of the user agent, such as <c>idflow</c>.</param>
    public static RobotsTxt Parse(string text, string agent)
    {
        List<(bool, string)> named = [], general = [];
        TimeSpan? namedDelay = null, generalDelay = null;
        bool forNamed = false, forAll = false, anyNamed = false, inAgents = false;
        foreach (var line in text.TrimStart('\uFEFF').Split('\n', '\r'))
        {
            if (!TryRead(line, out var key, out var value))
            {
                continue;
            }

            if (key == "user-agent")
            {
                (forNamed, forAll) = inAgents ? (forNamed, forAll) : (false, false);
                inAgents = true;
                forAll |= value == "*";
                forNamed |= Token(value).Equals(agent, StringComparison.OrdinalIgnoreCase);
                anyNamed |= forNamed;
                continue;
            }

            if (key is not ("allow" or "disallow" or "crawl-delay"))
            {
                continue;
            }

            inAgents = false;
            if (key == "crawl-delay")
            {
                var delay = double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 86_400 ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
                namedDelay = forNamed ? delay : namedDelay;
                generalDelay = forAll ? delay : generalDelay;
            }
            else if (value.Length > 0)
            {
                AddTo(forNamed ? named : null, key == "allow", value);
                AddTo(forAll ? general : null, key == "allow", value);
            }
        }

        return anyNamed ? new(named, namedDelay) : new(general, generalDelay);
    }

    /// <param name="pathAndQuery">As in the request line.</param>
    public bool Allows(string pathAndQuery)
    {
        var path = Normal(pathAndQuery);
        var best = _rules.Where(rule => Matches(rule.Pattern, path)).OrderByDescending(rule => rule.Pattern.Length).ThenByDescending(rule => rule.Allow).FirstOrDefault();
        return best.Pattern is null || best.Allow || path == "/robots.txt";
    }

    private static bool TryRead(string line, out string key, out string value)
    {
        var comment = line.IndexOf('#', StringComparison.Ordinal);
        var plain = comment >= 0 ? line[..comment] : line;
        var colon = plain.IndexOf(':', StringComparison.Ordinal);
        key = colon > 0 ? plain[..colon].Trim().ToLowerInvariant() : "";
        value = colon > 0 ? plain[(colon + 1)..].Trim() : "";
        return colon > 0;
    }

    private static string Token(string agent) => new([.. agent.TakeWhile(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')]);

    private static void AddTo(List<(bool, string)>? rules, bool allow, string pattern) => rules?.Add((allow, Normal(pattern)));

    /// <summary>Greedy matching with <c>*</c>, linear in practice: after a star the first fitting place is taken, backing up to the last star only.</summary>
    private static bool Matches(string pattern, string path)
    {
        var anchored = pattern.EndsWith('$');
        var rule = anchored ? pattern[..^1] : pattern + "*";
        int at = 0, position = 0, star = -1, mark = 0;
        while (position < path.Length)
        {
            if (at < rule.Length && rule[at] == '*')
            {
                star = at++;
                mark = position;
            }
            else if (at < rule.Length && rule[at] == path[position])
            {
                at++;
                position++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                position = ++mark;
            }
            else
            {
                return false;
            }
        }

        return rule.AsSpan(at).IndexOfAnyExcept('*') < 0;
    }

    /// <summary>One form for percent-encoded bytes: unreserved ones as they are, others as upper-case escapes.</summary>
    private static string Normal(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            result.Append(value < 0x80 ? ((char)value).ToString() : $"%{value:X2}");
        }

        for (var index = 0; index + 2 < result.Length; index++)
        {
            if (result[index] != '%' || !int.TryParse(result.ToString(index + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code))
            {
                continue;
            }

            var plain = (char)code;
            var replacement = code < 0x80 && (char.IsAsciiLetterOrDigit(plain) || plain is '-' or '.' or '_' or '~') ? plain.ToString() : $"%{code:X2}";
            result.Remove(index, 3).Insert(index, replacement);
        }

        return result.ToString();
    }
}
