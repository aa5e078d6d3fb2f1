using System.Security.Cryptography;
using System.Text;

namespace Idflow.Tasks.Research;

/// <summary>A source as research read it: the cleaned text that quotations are looked up in.</summary>
/// <param name="Title">As readers see it.</param>
/// <param name="Url">An address, <c>doc:ID</c>, <c>doc:ID/FILE</c> or a path inside the project.</param>
/// <param name="Origin">Host, document or folder; spread over origins counts for the confidence.</param>
/// <param name="Text">The text.</param>
/// <param name="Header">Title and short facts that stand before each passage when it is searched.</param>
/// <param name="Published">When it appeared, if known.</param>
/// <param name="Accessed">When a page was fetched; null for local texts.</param>
internal sealed record SourceText(string Title, string Url, string Origin, string Text, string Header, string? Published = null, DateTimeOffset? Accessed = null)
{
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}
