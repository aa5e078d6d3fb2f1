using System.Security.Cryptography;
using Idflow.Documents.Model;

namespace Idflow.Documents.Markdown;

/// <summary>Reads a Markdown or text file from outside as a new document.</summary>
public static class MarkdownImport
{
    /// <summary>
    /// The document that the file makes: its front matter and text. The id is the front matter's, if that is a UUID, else
    /// one made from the bytes (RFC 9562 version 8: the SHA-256 of the file), so that the same text always makes the same
    /// document. Without a <c>title</c> the first heading, else the file's name, becomes it. A front matter without a status of ours gives <paramref name="status"/>.
    /// </summary>
    /// <exception cref="DocumentFormatException">The file cannot be read.</exception>
    public static Document Read(ReadOnlySpan<byte> utf8, string path, DocumentStatus status)
    {
        var file = DocumentFile.Parse(utf8, path);
        var properties = file.Properties;
        if (!properties.ContainsKey("title"))
        {
            properties = new PropertyMap(properties.Prepend(new("title", HeadingOf(file.Body) ?? Path.GetFileNameWithoutExtension(path))));
        }

        return new Document
        {
            Id = Guid.TryParse(file.Id, out var id) ? id.ToString() : IdOf(utf8),
            Status = Enum.TryParse<DocumentStatus>(file.Status, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : status,
            Properties = properties,
            Body = file.Body,
            DocumentReferences = file.DocumentReferences,
        };
    }

    private static string? HeadingOf(string body) => body.Split('\n').FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal))?[2..].Trim();

    private static string IdOf(ReadOnlySpan<byte> utf8)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8, hash);
        var bytes = hash[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
