using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Idflow.Documents.Index;

/// <summary>CRC-32C over bytes that a file keeps, so that damage shows when they are loaded and not while they are looked at.</summary>
internal static class Checksum
{
    /// <summary>How many bytes a checksum takes at the end of what it protects.</summary>
    public const int Size = sizeof(uint);

    /// <summary>The bytes with their checksum behind them.</summary>
    public static byte[] Append(ReadOnlySpan<byte> bytes)
    {
        var result = new byte[bytes.Length + Size];
        bytes.CopyTo(result);
        BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(bytes.Length), Of(bytes));
        return result;
    }

    /// <exception cref="InvalidDataException">The bytes are not those that <see cref="Append"/> made.</exception>
    public static void Require(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size || BinaryPrimitives.ReadUInt32LittleEndian(bytes[^Size..]) != Of(bytes[..^Size]))
        {
            throw new InvalidDataException("the checksum of a row is wrong");
        }
    }

    private static uint Of(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        var checksum = ~(uint)bytes.Length;
        foreach (var word in words)
        {
            checksum = BitOperations.Crc32C(checksum, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (var value in bytes[(words.Length * sizeof(ulong))..])
        {
            checksum = BitOperations.Crc32C(checksum, value);
        }

        return checksum;
    }
}
