using Idflow.Documents.Model;

namespace Idflow.Documents.Index;

/// <summary>Properties as bytes: the keys of the top level, each with its value (see <see cref="ValueWriter"/>), and a checksum.</summary>
internal static class PropertyCodec
{
    public static byte[] Encode(PropertyMap properties) => ValueWriter.Encode(writer => ValueWriter.WriteEntries(writer, properties));

    /// <summary>The same map, decoded when it is first looked at. The checksum must be known to be right.</summary>
    public static PropertyMap Decode(byte[] encoded) => PropertyMap.Deferred(encoded, Entries);

    /// <summary>One value of the top level; the others are stepped over.</summary>
    /// <param name="encoded">All properties; the checksum must be known to be right.</param>
    /// <param name="key">The key in UTF-8.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when there is no such key.</returns>
    public static bool TryFind(byte[] encoded, ReadOnlySpan<byte> key, out object? value)
    {
        var reader = new ValueReader(encoded);
        while (!reader.IsAtEnd)
        {
            if (reader.ReadUtf8().SequenceEqual(key))
            {
                value = reader.Read();
                return true;
            }

            reader.Skip();
        }

        value = null;
        return false;
    }

    private static List<KeyValuePair<string, object?>> Entries(byte[] encoded) => new ValueReader(encoded).ReadEntries();
}
