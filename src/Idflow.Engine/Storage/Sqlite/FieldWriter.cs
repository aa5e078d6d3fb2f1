using System.Buffers;
using System.Text;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>
/// Writes a row as numbered fields, those that have their default left out: a byte with number and kind, then a variable-length
/// number, or a length and bytes. A reader that does not know a number passes the field over.
/// </summary>
internal sealed class FieldWriter
{
    /// <summary>Highest field number.</summary>
    public const int MaxField = 63;

    internal const int NumberKind = 0;
    internal const int BytesKind = 1;
    private const int LongestNumber = 10;

    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Begins anew.</summary>
    /// <param name="version">The first byte; see <see cref="BlobCodec"/>.</param>
    public FieldWriter Start(byte version)
    {
        _buffer.ResetWrittenCount();
        _buffer.GetSpan(1)[0] = version;
        _buffer.Advance(1);
        return this;
    }

    public FieldWriter Number(int field, long value)
    {
        if (value != 0)
        {
            Tag(field, NumberKind);
            Variable((ulong)((value << 1) ^ (value >> 63)));
        }

        return this;
    }

    public FieldWriter Flag(int field, bool value) => Number(field, value ? 1 : 0);

    /// <summary>Null is left out; an empty text is not.</summary>
    public FieldWriter Text(int field, string? value)
    {
        if (value is not null)
        {
            Tag(field, BytesKind);
            var length = Encoding.UTF8.GetByteCount(value);
            Variable((ulong)length);
            Encoding.UTF8.GetBytes(value, _buffer.GetSpan(length));
            _buffer.Advance(length);
        }

        return this;
    }

    public FieldWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, BytesKind);
        Variable((ulong)value.Length);
        _buffer.Write(value);
        return this;
    }

    private void Tag(int field, int kind)
    {
        _buffer.GetSpan(1)[0] = (byte)((field << 1) | kind);
        _buffer.Advance(1);
    }

    private void Variable(ulong value)
    {
        var span = _buffer.GetSpan(LongestNumber);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        _buffer.Advance(length);
    }
}
