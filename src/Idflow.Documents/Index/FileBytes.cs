using System.Buffers;

namespace Idflow.Documents.Index;

/// <summary>The bytes of a file in a pooled buffer; valid until disposed.</summary>
internal readonly struct FileBytes : IDisposable
{
    private const int Largest = 64 << 20;

    private readonly byte[] _buffer;
    private readonly int _length;

    private FileBytes(byte[] buffer, int length) => (_buffer, _length) = (buffer, length);

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <exception cref="IOException">The file is gone, cannot be read, or is larger than 64 MiB.</exception>
    public static FileBytes Read(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var size = RandomAccess.GetLength(handle);
        if (size > Largest)
        {
            throw new IOException("larger than 64 MiB; store large content as a file of the document.");
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)size + 1);
        var length = 0;
        try
        {
            for (int read; (read = RandomAccess.Read(handle, buffer.AsSpan(length), length)) > 0;)
            {
                length += read;
                if (length == buffer.Length)
                {
                    buffer = Larger(buffer);
                }
            }

            return new FileBytes(buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private static byte[] Larger(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
