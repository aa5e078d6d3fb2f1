using System.Text;

namespace Idflow.Engine.Storage.Payloads;

/// <summary>What stands in a payload's row when the payload is a file: a byte that no stored form of JSON begins with, then the file's name.</summary>
internal static class PayloadReference
{
    /// <summary>The schema's indexes of references rest on this value.</summary>
    private const byte Mark = 0xF1;

    public static byte[] Of(string name) => [Mark, .. Encoding.ASCII.GetBytes(name)];

    /// <summary>The file's name; null for a payload that stands in the row itself.</summary>
    public static string? NameIn(ReadOnlySpan<byte> blob) => blob is [Mark, .. var name] ? Encoding.ASCII.GetString(name) : null;
}
