using System.Text;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>
/// The form of every stored blob: a version byte, then the content. Version 1 is JSON as UTF-8; version 2 is numbered fields
/// (<see cref="FieldWriter"/>), for the states of workflows and tasks. Other versions (compressed, encrypted) take other numbers, and
/// files may hold several at once.
/// </summary>
internal static class BlobCodec
{
    public const byte PlainJson = 1;
    public const byte Fields = 2;

    public static bool HasFields(ReadOnlySpan<byte> blob) => blob is [Fields, ..];

    public static byte[] Encode(ReadOnlySpan<byte> json)
    {
        var blob = new byte[json.Length + 1];
        blob[0] = PlainJson;
        json.CopyTo(blob.AsSpan(1));
        return blob;
    }

    public static byte[] Encode(string json)
    {
        var blob = new byte[Encoding.UTF8.GetByteCount(json) + 1];
        blob[0] = PlainJson;
        Encoding.UTF8.GetBytes(json, blob.AsSpan(1));
        return blob;
    }

    /// <summary>The JSON of a blob.</summary>
    public static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> blob) => blob is [PlainJson, ..]
        ? blob[1..]
        : throw new EngineStoreException(blob.IsEmpty
            ? "A stored value is empty; the engine's database is damaged."
            : $"A stored value has the form {blob[0]}, which this version does not know. Update idflow.", 0);
}
