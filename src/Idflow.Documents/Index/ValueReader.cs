using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Idflow.Documents.Model;

namespace Idflow.Documents.Index;

/// <summary>
/// Reads what <see cref="ValueWriter"/> wrote, from bytes whose checksum is right. Steps over a value without making anything of it.
/// </summary>
/// <param name="encoded">The bytes, the checksum included.</param>
/// <param name="poolTexts">Whether texts often repeat, so that they are taken from the <see cref="KeyPool"/>.</param>
internal ref struct ValueReader(ReadOnlySpan<byte> encoded, bool poolTexts = false)
{
    private readonly ReadOnlySpan<byte> _bytes = encoded[..^Checksum.Size];
    private int _at;

    public readonly bool IsAtEnd => _at >= _bytes.Length;

    /// <summary>The UTF-8 of a key or text.</summary>
    public ReadOnlySpan<byte> ReadUtf8() => Take(ReadCount());

    public object? Read() => (ValueTag)_bytes[_at++] switch
    {
        ValueTag.Null => null,
        ValueTag.False => false,
        ValueTag.True => true,
        ValueTag.Integer => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long))),
        ValueTag.BigInteger => new BigInteger(ReadUtf8()),
        ValueTag.Double => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double))),
        ValueTag.Text => poolTexts ? KeyPool.Get(ReadUtf8()) : Encoding.UTF8.GetString(ReadUtf8()),
        ValueTag.Date => DateOnly.FromDayNumber(BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)))),
        ValueTag.Timestamp => new DateTime(BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)))),
        ValueTag.ZonedTimestamp => ReadZoned(),
        ValueTag.List => ReadList(),
        _ => PropertyMap.OfDistinct(ReadEntries(ReadCount())),
    };

    public void Skip()
    {
        switch ((ValueTag)_bytes[_at++])
        {
            case ValueTag.Null or ValueTag.False or ValueTag.True:
                break;
            case ValueTag.BigInteger or ValueTag.Text:
                ReadUtf8();
                break;
            case ValueTag.Date:
                _at += sizeof(int);
                break;
            case ValueTag.ZonedTimestamp:
                _at += sizeof(long) + sizeof(short);
                break;
            case ValueTag.List:
                for (var left = ReadCount(); left > 0; left--)
                {
                    Skip();
                }

                break;
            case ValueTag.Map:
                for (var left = ReadCount(); left > 0; left--)
                {
                    ReadUtf8();
                    Skip();
                }

                break;
            default:
                _at += sizeof(long);
                break;
        }
    }

    /// <summary>Keys with their values, so many or up to the end.</summary>
    public List<KeyValuePair<string, object?>> ReadEntries(int count = int.MaxValue)
    {
        var entries = new List<KeyValuePair<string, object?>>(count == int.MaxValue ? 0 : count);
        while (count-- > 0 && !IsAtEnd)
        {
            var key = KeyPool.Get(ReadUtf8());
            entries.Add(new(key, Read()));
        }

        return entries;
    }

    private List<object?> ReadList()
    {
        var count = ReadCount();
        var items = new List<object?>(count);
        while (count-- > 0)
        {
            items.Add(Read());
        }

        return items;
    }

    private DateTimeOffset ReadZoned()
    {
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
        return new DateTimeOffset(ticks, TimeSpan.FromMinutes(BinaryPrimitives.ReadInt16LittleEndian(Take(sizeof(short)))));
    }

    private int ReadCount()
    {
        int value = _bytes[_at++];
        if (value < 0x80)
        {
            return value;
        }

        value &= 0x7f;
        for (var shift = 7; ; shift += 7)
        {
            var next = _bytes[_at++];
            value |= (next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        var taken = _bytes.Slice(_at, length);
        _at += length;
        return taken;
    }
}
