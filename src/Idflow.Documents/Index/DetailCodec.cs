using Idflow.Documents.Model;

namespace Idflow.Documents.Index;

/// <summary><see cref="DocumentDetails"/> as bytes (see <see cref="ValueWriter"/>): five lists of rows, and a checksum.</summary>
internal static class DetailCodec
{
    /// <summary>Null when there is nothing.</summary>
    public static byte[]? Encode(DocumentDetails details) => details.IsEmpty ? null : ValueWriter.Encode(writer =>
    {
        WriteRows(writer, details.Watched, path => [path]);
        WriteRows(writer, details.DocumentReferences, reference => [reference.Key, reference.Uuid, reference.Data]);
        WriteRows(writer, details.FileReferences, file => [file.Key, file.FileName, file.Uuid, file.Data]);
        WriteRows(writer, details.Stages, stage => [stage.StageName, (long)stage.Counter, (long)stage.Status]);
        WriteRows(writer, details.Problems, problem => [problem.Path, (long)problem.Line, problem.Message, problem.IsWarning]);
    });

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static DocumentDetails Decode(byte[] encoded)
    {
        Checksum.Require(encoded);
        var reader = new ValueReader(encoded, poolTexts: true);
        return new DocumentDetails
        {
            Watched = ReadRows(ref reader, row => (string)row[0]!),
            DocumentReferences = ReadRows(ref reader, row => new DocumentReference((string)row[0]!, (string)row[1]!, (PropertyMap)row[2]!)),
            FileReferences = ReadRows(ref reader, row => new FileReference((string)row[0]!, (string)row[1]!, (string)row[2]!, (PropertyMap)row[3]!)),
            Stages = ReadRows(ref reader, row => new StageSummary((string)row[0]!, (int)(long)row[1]!, (StageStatus)(long)row[2]!)),
            Problems = ReadRows(ref reader, row => new DocumentProblem((string)row[0]!, (int)(long)row[1]!, (string)row[2]!, (bool)row[3]!)),
        };
    }

    private static void WriteRows<T>(BinaryWriter writer, IReadOnlyList<T> items, Func<T, object?[]> row) =>
        ValueWriter.Write(writer, items.Select(item => (object?)row(item)).ToList());

    private static IReadOnlyList<T> ReadRows<T>(ref ValueReader reader, Func<List<object?>, T> read) =>
        reader.Read() is List<object?> { Count: > 0 } rows ? [.. rows.Select(row => read((List<object?>)row!))] : [];
}
