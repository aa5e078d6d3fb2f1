using System.Runtime.CompilerServices;
using System.Text;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>The fields of a row that a <see cref="FieldWriter"/> wrote; those that were left out have their default.</summary>
internal readonly ref struct FieldReader
{
    private readonly ReadOnlySpan<byte> _blob;
    private readonly Places _places;
    private readonly Numbers _numbers;

    /// <param name="blob">With its version byte.</param>
    /// <exception cref="EngineStoreException">The blob is cut off.</exception>
    public FieldReader(ReadOnlySpan<byte> blob)
    {
        _blob = blob;
        for (var at = 1; at < blob.Length;)
        {
            var (field, kind) = (blob[at] >> 1, blob[at] & 1);
            at++;
            var value = Variable(blob, ref at);
            if (kind == FieldWriter.NumberKind)
            {
                if (field <= FieldWriter.MaxField)
                {
                    _numbers[field] = (long)(value >> 1) ^ -(long)(value & 1);
                }

                continue;
            }

            if (value > (ulong)(blob.Length - at))
            {
                throw Damaged();
            }

            if (field <= FieldWriter.MaxField)
            {
                _places[field] = (at, (int)value);
            }

            at += (int)value;
        }
    }

    public long Number(int field) => _numbers[field];

    public int Int(int field) => (int)_numbers[field];

    public bool Flag(int field) => _numbers[field] != 0;

    public string? Text(int field) => _places[field] is { Start: > 0 } place ? Encoding.UTF8.GetString(_blob.Slice(place.Start, place.Length)) : null;

    public bool Has(int field) => _places[field].Start > 0;

    /// <summary>Empty for a field that is not there.</summary>
    public ReadOnlySpan<byte> Bytes(int field) => _blob.Slice(_places[field].Start, _places[field].Length);

    private static ulong Variable(ReadOnlySpan<byte> blob, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; at < blob.Length && shift < 64; shift += 7)
        {
            var part = blob[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Damaged();
    }

    private static EngineStoreException Damaged() => new("A stored row is cut off; the engine's database is damaged. Put a backup in its place.", 0);

    [InlineArray(FieldWriter.MaxField + 1)]
    private struct Numbers
    {
        private long _first;
    }

    [InlineArray(FieldWriter.MaxField + 1)]
    private struct Places
    {
        private (int Start, int Length) _first;
    }
}
