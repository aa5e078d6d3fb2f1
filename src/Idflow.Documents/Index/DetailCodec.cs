using System.Buffers;
using System.Text.Json;
using Idflow.Documents.Model;

namespace Idflow.Documents.Index;

/// <summary>What an <see cref="IndexedDocument"/> has beside its properties as compact JSON; most documents have nothing of it.</summary>
internal static class DetailCodec
{
    /// <summary>Null when there is nothing.</summary>
    public static byte[]? Encode(IndexedDocument document)
    {
        if (document.Watched.Count + document.DocumentReferences.Count + document.FileReferences.Count + document.Stages.Count + document.Problems.Count == 0)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            WriteRows(writer, document.Watched, path => [path]);
            WriteRows(writer, document.DocumentReferences, reference => [reference.Key, reference.Uuid, reference.Data]);
            WriteRows(writer, document.FileReferences, file => [file.Key, file.FileName, file.Uuid, file.Data]);
            WriteRows(writer, document.Stages, stage => [stage.StageName, (long)stage.Counter, (long)stage.Status]);
            WriteRows(writer, document.Problems, problem => [problem.Path, (long)problem.Line, problem.Message, problem.IsWarning]);
            writer.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The document with the details.</summary>
    /// <exception cref="JsonException">The bytes are damaged.</exception>
    public static IndexedDocument DecodeInto(IndexedDocument document, byte[] encoded)
    {
        var reader = new Utf8JsonReader(encoded, new JsonReaderOptions { MaxDepth = 1000 });
        reader.Read();
        if (PropertyCodec.ReadValue(ref reader) is not List<object?> { Count: 5 } parts)
        {
            throw new JsonException("not the details of a document");
        }

        return document with
        {
            Watched = Rows(parts[0], row => (string)row[0]!),
            DocumentReferences = Rows(parts[1], row => new DocumentReference((string)row[0]!, (string)row[1]!, (PropertyMap)row[2]!)),
            FileReferences = Rows(parts[2], row => new FileReference((string)row[0]!, (string)row[1]!, (string)row[2]!, (PropertyMap)row[3]!)),
            Stages = Rows(parts[3], row => new StageSummary((string)row[0]!, (int)(long)row[1]!, (StageStatus)(long)row[2]!)),
            Problems = Rows(parts[4], row => new DocumentProblem((string)row[0]!, (int)(long)row[1]!, (string)row[2]!, (bool)row[3]!)),
        };
    }

    private static void WriteRows<T>(Utf8JsonWriter writer, IReadOnlyList<T> items, Func<T, object?[]> row)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            writer.WriteStartArray();
            foreach (var cell in row(item))
            {
                PropertyCodec.Write(writer, cell);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static T[] Rows<T>(object? part, Func<List<object?>, T> read) => [.. ((List<object?>)part!).Select(row => read((List<object?>)row!))];
}
