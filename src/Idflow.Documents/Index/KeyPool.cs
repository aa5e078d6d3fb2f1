using System.Text;

namespace Idflow.Documents.Index;

/// <summary>
/// Property names and paths that were decoded lately, so that the same one in thousands of documents is one string. A fixed table in which a
/// newer name takes the place of an older one; a lost race only costs a string.
/// </summary>
internal static class KeyPool
{
    private const int Slots = 1024;
    private const int LongestKey = 64;

    private static readonly Entry?[] Table = new Entry?[Slots];

    /// <summary>The text of the UTF-8.</summary>
    public static string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestKey)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref var slot = ref Table[Hash(utf8) % Slots];
        var entry = slot;
        if (entry is null || !utf8.SequenceEqual(entry.Utf8))
        {
            entry = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
            slot = entry;
        }

        return entry.Text;
    }

    /// <summary>FNV-1a, 32 bit.</summary>
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 16777619;
        }

        return hash;
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
