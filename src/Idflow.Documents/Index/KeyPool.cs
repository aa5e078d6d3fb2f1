using System.Text.Json;

namespace Idflow.Documents.Index;

/// <summary>
/// Property names that were decoded lately, so that the same name in thousands of documents is one string. A fixed table in which a
/// newer name takes the place of an older one; a lost race only costs a string.
/// </summary>
internal static class KeyPool
{
    private const int Slots = 1024;
    private const int LongestKey = 64;

    private static readonly Entry?[] Table = new Entry?[Slots];

    /// <summary>The text of the property name at the reader's token.</summary>
    public static string Get(ref Utf8JsonReader reader)
    {
        var utf8 = reader.ValueSpan;
        if (reader.ValueIsEscaped || reader.HasValueSequence || utf8.Length > LongestKey)
        {
            return reader.GetString()!;
        }

        ref var slot = ref Table[Hash(utf8) % Slots];
        var entry = slot;
        if (entry is null || !utf8.SequenceEqual(entry.Utf8))
        {
            entry = new Entry(utf8.ToArray(), reader.GetString()!);
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
