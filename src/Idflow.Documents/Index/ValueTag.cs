namespace Idflow.Documents.Index;

/// <summary>The first byte of an encoded value; what follows it in brackets. Lengths and counts are of 7 bits a byte (as <see cref="BinaryWriter.Write7BitEncodedInt"/>), all else little-endian.</summary>
internal enum ValueTag : byte
{
    Null,
    False,
    True,

    /// <summary>[64 bits]</summary>
    Integer,

    /// <summary>[length, two's complement]</summary>
    BigInteger,

    /// <summary>[IEEE 754, 64 bits]</summary>
    Double,

    /// <summary>[length, UTF-8]</summary>
    Text,

    /// <summary>[days since 0001-01-01, 32 bits]</summary>
    Date,

    /// <summary>[ticks, 64 bits]</summary>
    Timestamp,

    /// <summary>[ticks of the local time, 64 bits; minutes of its offset, 16 bits]</summary>
    ZonedTimestamp,

    /// <summary>[count, the items]</summary>
    List,

    /// <summary>[count, the keys (length, UTF-8) each with its value]</summary>
    Map,
}
