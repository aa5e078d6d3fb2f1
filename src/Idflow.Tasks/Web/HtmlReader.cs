using System.Text;
using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using AngleSharp.Text;

namespace Idflow.Tasks.Web;

/// <summary>What a page says about itself, and its main text as Markdown.</summary>
internal sealed record HtmlPage(string Text, string? Title, string? Language, string? Author, string? Published, string? CanonicalUrl);

/// <summary>Main text of a page: headings, lists, tables and code stay; navigation, forms, hidden parts and scripts go.</summary>
internal static partial class HtmlReader
{
    private const string Noise = "script,style,noscript,template,nav,header,footer,aside,form,button,input,select,textarea,iframe,object,embed,svg,canvas,video,audio,dialog,[hidden],[aria-hidden=true],[role=navigation],[role=banner],[role=contentinfo],[role=search]";

    public static HtmlPage Read(byte[] content, string? charset)
    {
        using var context = BrowsingContext.New(Configuration.Default);
        var parser = new HtmlParser(new HtmlParserOptions { IsScripting = false }, context);
        using var document = charset is not null && TextEncoding.Resolve(charset) is { } encoding
            ? parser.ParseDocument(encoding.GetString(content))
            : parser.ParseDocument(new MemoryStream(content));
        var title = Meta(document, "og:title") ?? document.QuerySelector("h1")?.TextContent ?? document.Title;
        var page = new HtmlPage(
            "", Line(title), Attribute(document.DocumentElement, "lang"), Line(Meta(document, "author") ?? Meta(document, "article:author")),
            Line(Meta(document, "article:published_time") ?? Meta(document, "date") ?? Attribute(document.QuerySelector("time[datetime]"), "datetime")),
            Attribute(document.QuerySelector("link[rel=canonical]"), "href"));
        foreach (var element in document.QuerySelectorAll(Noise).Where(element => element is not IHtmlBodyElement && element.QuerySelector("main,article") is null).ToList())
        {
            element.Remove();
        }

        return page with { Text = Markdown(Main(document)) };
    }

    /// <summary>The element that holds the article: <c>main</c> or <c>article</c>, else the one whose own paragraphs have most text.</summary>
    private static IElement Main(IHtmlDocument document)
    {
        var body = (IElement?)document.Body ?? document.DocumentElement;
        var marked = document.QuerySelectorAll("main,[role=main],article").OrderByDescending(element => element.TextContent.Length).FirstOrDefault();
        if (marked is not null && marked.TextContent.Length * 4 > body.TextContent.Length)
        {
            return marked;
        }

        var weights = new Dictionary<IElement, int>();
        foreach (var paragraph in document.QuerySelectorAll("p,pre,blockquote").Where(element => element.ParentElement is not null))
        {
            weights[paragraph.ParentElement!] = weights.GetValueOrDefault(paragraph.ParentElement!) + paragraph.TextContent.Trim().Length;
        }

        var best = weights.Count == 0 ? default : weights.MaxBy(entry => entry.Value);
        return best.Key is not null && best.Value * 2 > body.TextContent.Trim().Length ? best.Key : body;
    }

    private static string Markdown(IElement root)
    {
        var text = new StringBuilder();
        Append(text, root, 0);
        return BlankLines().Replace(TrailingBlanks().Replace(text.ToString(), "\n"), "\n\n").Trim();
    }

    private static void Append(StringBuilder text, INode node, int depth)
    {
        const int deepest = 200;
        if (depth > deepest)
        {
            return;
        }

        foreach (var child in node.ChildNodes)
        {
            switch (child)
            {
                case IText words:
                    AppendInline(text, words.Data);
                    break;
                case IElement element:
                    AppendElement(text, element, depth + 1);
                    break;
            }
        }
    }

    private static void AppendElement(StringBuilder text, IElement element, int depth)
    {
        switch (element.LocalName)
        {
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                text.Append("\n\n").Append('#', element.LocalName[1] - '0').Append(' ').Append(Line(element.TextContent)).Append("\n\n");
                break;
            case "pre":
                text.Append("\n\n```\n").Append(element.TextContent.Trim('\n')).Append("\n```\n\n");
                break;
            case "br":
                text.Append('\n');
                break;
            case "li":
                text.Append("\n- ");
                Append(text, element, depth);
                break;
            case "tr":
                text.Append("\n| ").Append(string.Join(" | ", element.Children.Select(cell => Line(cell.TextContent)))).Append(" |");
                break;
            case "p" or "div" or "section" or "article" or "main" or "ul" or "ol" or "table" or "blockquote" or "dl" or "dt" or "dd" or "figure" or "figcaption":
                text.Append("\n\n");
                Append(text, element, depth);
                text.Append("\n\n");
                break;
            default:
                Append(text, element, depth);
                break;
        }
    }

    private static void AppendInline(StringBuilder text, string words)
    {
        var plain = WhiteSpace().Replace(words, " ");
        text.Append(text.Length == 0 || char.IsWhiteSpace(text[^1]) ? plain.TrimStart() : plain);
    }

    private static string? Meta(IHtmlDocument document, string name) =>
        document.QuerySelectorAll("meta").FirstOrDefault(meta => meta.GetAttribute("name") == name || meta.GetAttribute("property") == name)?.GetAttribute("content");

    private static string? Attribute(IElement? element, string name) => element?.GetAttribute(name) is { Length: > 0 } value ? value.Trim() : null;

    private static string? Line(string? text) => text is null ? null : WhiteSpace().Replace(text, " ").Trim() is { Length: > 0 } line ? line : null;

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"[ \t]+\n")]
    private static partial Regex TrailingBlanks();

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex BlankLines();
}
