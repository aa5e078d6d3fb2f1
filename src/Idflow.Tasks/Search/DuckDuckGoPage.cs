using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Idflow.Tasks.Web;

namespace Idflow.Tasks.Search;

/// <summary>What a page of results is.</summary>
internal enum SerpKind { Results, None, Challenge, Unknown }

/// <summary>A parsed page: its results without adverts, and the fields of the form that leads to the next page.</summary>
internal sealed record SerpPage(SerpKind Kind, IReadOnlyList<(string Title, string Url, string Snippet, string? Date)> Results, IReadOnlyList<KeyValuePair<string, string>>? Next);

/// <summary>
/// Reads the HTML and the Lite pages of DuckDuckGo. Selectors and hidden fields follow the notes of the SearXNG project on this engine
/// (docs.searxng.org/dev/engines/online/duckduckgo.html).
/// </summary>
internal static partial class DuckDuckGoPage
{
    public static SerpPage Parse(string html)
    {
        using var context = BrowsingContext.New(Configuration.Default);
        using var document = new HtmlParser(new HtmlParserOptions(), context).ParseDocument(html);
        if (document.QuerySelector("form#challenge-form, [class*=anomaly-modal]") is not null)
        {
            return new(SerpKind.Challenge, [], null);
        }

        var blocks = document.QuerySelectorAll("#links .result").Where(block => block.QuerySelector("a.result__a") is not null).ToList();
        var lite = document.QuerySelectorAll("a.result-link").ToList();
        List<(string, string, string, string?)> results = blocks.Count > 0 ? [.. blocks.Select(Html).OfType<(string, string, string, string?)>()] : [.. lite.Select(Lite).OfType<(string, string, string, string?)>()];
        if (results.Count > 0)
        {
            return new(SerpKind.Results, results, Next(document));
        }

        var none = document.QuerySelector(".result--no-result, .no-results") is not null || NothingFound().IsMatch(document.Body?.TextContent ?? "");
        return new(none || blocks.Count > 0 || lite.Count > 0 ? SerpKind.None : SerpKind.Unknown, [], null);
    }

    /// <summary>The target of a redirect link: its <c>uddg</c> value decoded once; any other address as it is; null for an advert or what is no address.</summary>
    public static string? Target(string href)
    {
        var text = href.StartsWith("//", StringComparison.Ordinal) ? "https:" + href : href;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var link) || link.Scheme is not ("http" or "https"))
        {
            return null;
        }

        var own = link.Host.Equals("duckduckgo.com", StringComparison.OrdinalIgnoreCase) || link.Host.EndsWith(".duckduckgo.com", StringComparison.OrdinalIgnoreCase);
        if (own && link.AbsolutePath.StartsWith("/y.js", StringComparison.Ordinal))
        {
            return null;
        }

        if (!own || link.AbsolutePath.TrimEnd('/') != "/l")
        {
            return text;
        }

        // The original text, not the parsed address: parsing would decode parts of the target a first time.
        var value = Uddg().Match(text);
        return value.Success && Uri.TryCreate(Decode(value.Groups[1].Value), UriKind.Absolute, out var target) && target.Scheme is "http" or "https" ? target!.OriginalString : null;
    }

    /// <summary>Percent-decoding that leaves a broken escape as it stands.</summary>
    private static string Decode(string value) => Uri.UnescapeDataString(value.Replace("+", "%20", StringComparison.Ordinal));

    private static (string, string, string, string?)? Html(IElement block)
    {
        var link = block.QuerySelector("a.result__a");
        return block.ClassList.Contains("result--ad") || link?.GetAttribute("href") is not { } href || Target(href) is not { } url
            ? null
            : (Line(link.TextContent), url, Line(block.QuerySelector(".result__snippet")?.TextContent), null);
    }

    private static (string, string, string, string?)? Lite(IElement link)
    {
        var row = link.Closest("tr");
        if (row is null || row.ClassList.Contains("result-sponsored") || link.GetAttribute("href") is not { } href || Target(href) is not { } url)
        {
            return null;
        }

        string? snippet = null, date = null;
        for (var next = row.NextElementSibling; next is not null && next.QuerySelector("a.result-link") is null; next = next.NextElementSibling)
        {
            snippet ??= next.QuerySelector(".result-snippet")?.TextContent;
            date ??= next.QuerySelector(".timestamp")?.TextContent;
        }

        return (Line(link.TextContent), url, Line(snippet), Line(date) is { Length: > 0 } given ? given : null);
    }

    private static List<KeyValuePair<string, string>>? Next(IDocument document)
    {
        var form = document.QuerySelectorAll("form").FirstOrDefault(entry => entry.QuerySelector("input[name=s]") is not null
            && entry.QuerySelectorAll("input[type=submit]").Any(button => (button.GetAttribute("value") ?? "").Contains("Next", StringComparison.OrdinalIgnoreCase)));
        return form?.QuerySelectorAll("input[type=hidden]").Where(field => field.GetAttribute("name") is { Length: > 0 })
            .Select(field => KeyValuePair.Create(field.GetAttribute("name")!, field.GetAttribute("value") ?? "")).ToList();
    }

    private static string Line(string? text) => text is null ? "" : Research.ReportFormat.OneLine(Text.UntrustedText.Clean(text));

    [GeneratedRegex(@"[?&]uddg=([^&#]*)")]
    private static partial Regex Uddg();

    [GeneratedRegex(@"No\s+(more\s+)?results\.", RegexOptions.IgnoreCase)]
    private static partial Regex NothingFound();
}
