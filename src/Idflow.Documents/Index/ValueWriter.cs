using System.Numerics;
using Idflow.Documents.Model;

namespace Idflow.Documents.Index;

/// <summary>Property values to bytes that keep every type; see <see cref="ValueTag"/>. <see cref="ValueReader"/> reads them.</summary>
internal static class ValueWriter
{
    private const int TypicalSize = 512;

    /// <summary>What is written, with a checksum behind it.</summary>
    public static byte[] Encode(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream(TypicalSize);
        using var writer = new BinaryWriter(stream);
        write(writer);
        return Checksum.Append(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    public static void WriteEntries(BinaryWriter writer, PropertyMap map)
    {
        foreach (var (key, value) in map)
        {
            writer.Write(key);
            Write(writer, value);
        }
    }

    public static void Write(BinaryWriter writer, object? value)
    {
        writer.Write((byte)TagOf(value));
        switch (value)
        {
            case long number:
                writer.Write(number);
                break;
            case BigInteger number:
                var bytes = number.ToByteArray();
                writer.Write7BitEncodedInt(bytes.Length);
                writer.Write(bytes);
                break;
            case double number:
                writer.Write(number);
                break;
            case string text:
                writer.Write(text);
                break;
            case DateOnly date:
                writer.Write(date.DayNumber);
                break;
            case DateTime time:
                writer.Write(time.Ticks);
                break;
            case DateTimeOffset time:
                writer.Write(time.Ticks);
                writer.Write((short)time.TotalOffsetMinutes);
                break;
            case PropertyMap map:
                writer.Write7BitEncodedInt(map.Count);
                WriteEntries(writer, map);
                break;
            case IReadOnlyList<object?> list:
                writer.Write7BitEncodedInt(list.Count);
                foreach (var item in list)
                {
                    Write(writer, item);
                }

                break;
        }
    }

    private static ValueTag TagOf(object? value) => value switch
    {
        null => ValueTag.Null,
        bool flag => flag ? ValueTag.True : ValueTag.False,
        long => ValueTag.Integer,
        BigInteger => ValueTag.BigInteger,
        double => ValueTag.Double,
        string => ValueTag.Text,
        DateOnly => ValueTag.Date,
        DateTime => ValueTag.Timestamp,
        DateTimeOffset => ValueTag.ZonedTimestamp,
        PropertyMap => ValueTag.Map,
        IReadOnlyList<object?> => ValueTag.List,
        _ => throw new ArgumentException($"A property cannot be of type {value.GetType().Name}.", nameof(value)),
    };
}
