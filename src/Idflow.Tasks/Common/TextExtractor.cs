using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Idflow.Tasks.Common;

/// <summary>Text from the bytes of a file or page, by media type and name, checked against the first bytes.</summary>
internal static partial class TextExtractor
{
    private static readonly string[] TextTypes = [".md", ".markdown", ".txt", ".text", ".rst", ".csv", ".tsv", ".json", ".yml", ".yaml", ".xml", ".log", ".org", ".adoc"];

    private static readonly XNamespace Word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    /// <returns>The text and title; without a text the reason why there is none.</returns>
    public static (string? Text, string? Title, string? Reason) Extract(string name, string? mediaType, byte[] content)
    {
        var extension = Path.GetExtension(name).ToLowerInvariant();
        var kind = mediaType?.ToLowerInvariant();
        if (content.AsSpan().StartsWith("%PDF-"u8))
        {
            return (null, null, "PDF files are not read yet");
        }

        if (content.AsSpan().StartsWith("PK\u0003\u0004"u8))
        {
            return extension == ".docx" || kind == "application/vnd.openxmlformats-officedocument.wordprocessingml.document" ? Docx(content) : (null, null, "it is an archive");
        }

        var html = kind is "text/html" or "application/xhtml+xml" || (kind is null && extension is ".html" or ".htm" or ".xhtml");
        var plain = html || kind?.StartsWith("text/", StringComparison.Ordinal) == true || kind is "application/json" or "application/xml" || kind?.EndsWith("+json", StringComparison.Ordinal) == true
            || (kind is null && (extension.Length == 0 || TextTypes.Contains(extension)));
        if (!plain)
        {
            return (null, null, $"files of the type {kind ?? extension} are not read");
        }

        if (content.AsSpan(0, Math.Min(content.Length, 4096)).Contains((byte)0) && !HasWideMark(content))
        {
            return (null, null, "its content is binary");
        }

        if (html)
        {
            var page = Web.HtmlReader.Read(content, null);
            return (page.Text, page.Title, page.Text.Length == 0 ? "the page holds no text" : null);
        }

        var text = Decode(content);
        return (FrontMatter().Replace(text, "", 1), FrontMatterTitle(text), null);
    }

    /// <summary>UTF-8 (or UTF-16 with a mark); what is not valid UTF-8 is taken as Latin-1.</summary>
    public static string Decode(byte[] content)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(content), new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(content);
        }
    }

    private static bool HasWideMark(byte[] content) => content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);

    private static string? FrontMatterTitle(string text)
    {
        var head = FrontMatter().Match(text);
        var title = head.Success ? TitleLine().Match(head.Value) : Match.Empty;
        return title.Success ? title.Groups[1].Value.Trim().Trim('"', '\'') : null;
    }

    private static (string?, string?, string?) Docx(byte[] content)
    {
        const long most = 20 * 1024 * 1024;
        try
        {
            using var archive = new ZipArchive(new MemoryStream(content), ZipArchiveMode.Read);
            var part = archive.GetEntry("word/document.xml");
            if (part is null || part.Length > most)
            {
                return (null, null, part is null ? "it has no word/document.xml" : "its text is larger than 20 MiB");
            }

            using var reader = XmlReader.Create(part.Open(), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, MaxCharactersInDocument = most });
            var paragraphs = XDocument.Load(reader).Descendants(Word + "p").Select(Paragraph);
            return (string.Join("\n\n", paragraphs.Where(paragraph => paragraph.Length > 0)), null, null);
        }
        catch (Exception error) when (error is InvalidDataException or XmlException)
        {
            return (null, null, $"it is damaged: {error.Message}");
        }
    }

    private static string Paragraph(XElement paragraph)
    {
        var style = paragraph.Element(Word + "pPr")?.Element(Word + "pStyle")?.Attribute(Word + "val")?.Value ?? "";
        var text = string.Concat(paragraph.Descendants(Word + "t").Select(run => run.Value)).Trim();
        return text.Length > 0 && style.StartsWith("Heading", StringComparison.Ordinal) && int.TryParse(style["Heading".Length..], out var level) && level is > 0 and < 7
            ? new string('#', level) + " " + text
            : text;
    }

    [GeneratedRegex(@"\A---[ \t]*\r?\n(.*?\r?\n)?---[ \t]*(\r?\n|\z)", RegexOptions.Singleline)]
    private static partial Regex FrontMatter();

    [GeneratedRegex(@"^title:[ \t]*(.+)$", RegexOptions.Multiline)]
    private static partial Regex TitleLine();
}
