using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Idflow.Tasks.Embeddings;

/// <summary>
/// Vectors of texts by the hash of the text, kept in one file per model: records of 32 bytes of SHA-256 and the vector as
/// little-endian floats. It is a cache: a torn end is cut off, a file that cannot be read or written is done without.
/// </summary>
internal sealed class VectorCache : ITextEmbedder
{
    private const int HashLength = 32;

    private readonly ITextEmbedder _model;
    private readonly string _file;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, float[]> _vectors = new(StringComparer.Ordinal);
    private long _readTo;

    public VectorCache(ITextEmbedder model, string folder)
    {
        _model = model;
        _file = Path.Combine(folder, "vectors", model.Name.ToLowerInvariant() + ".bin");
    }

    public string Name => _model.Name;

    public int Dimension => _model.Dimension;

    public int MaxTokens => _model.MaxTokens;

    private int RecordLength => HashLength + (4 * Dimension);

    public int CountTokens(string text) => _model.CountTokens(text);

    public IReadOnlyList<float[]> Embed(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        var keys = texts.Select(KeyOf).ToArray();
        var result = new float[texts.Count][];
        List<int> missing = [];
        lock (_gate)
        {
            ReadNew();
            for (var index = 0; index < keys.Length; index++)
            {
                if (_vectors.TryGetValue(keys[index], out var vector))
                {
                    result[index] = vector;
                }
                else
                {
                    missing.Add(index);
                }
            }
        }

        if (missing.Count > 0)
        {
            var made = _model.Embed([.. missing.Select(index => texts[index])], cancellationToken);
            for (var index = 0; index < missing.Count; index++)
            {
                result[missing[index]] = made[index];
            }

            Append([.. missing.Select((index, position) => (keys[index], made[position]))]);
        }

        return result;
    }

    private static string KeyOf(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private void ReadNew()
    {
        try
        {
            if (!File.Exists(_file))
            {
                return;
            }

            using var stream = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length < _readTo)
            {
                _readTo = 0;
            }

            stream.Position = _readTo;
            var record = new byte[RecordLength];
            while (stream.ReadAtLeast(record, RecordLength, throwOnEndOfStream: false) == RecordLength)
            {
                _readTo += RecordLength;
                var vector = MemoryMarshal.Cast<byte, float>(record.AsSpan(HashLength)).ToArray();
                if (Math.Abs(Vectors.Dot(vector, vector) - 1) < 0.01)
                {
                    _vectors[Convert.ToHexString(record.AsSpan(0, HashLength))] = vector;
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _readTo = 0;
        }
    }

    private void Append(List<(string Key, float[] Vector)> records)
    {
        lock (_gate)
        {
            records = [.. records.DistinctBy(record => record.Key)];
            foreach (var (key, vector) in records)
            {
                _vectors[key] = vector;
            }

            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
                using var stream = new FileStream(_file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read | FileShare.Delete);
                stream.Position = stream.Length - (stream.Length % RecordLength);
                stream.SetLength(stream.Position);
                foreach (var (key, vector) in records)
                {
                    stream.Write(Convert.FromHexString(key));
                    stream.Write(MemoryMarshal.AsBytes(vector.AsSpan()));
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another process writes, or the folder cannot be written: these vectors are made again next time.
            }
        }
    }
}
