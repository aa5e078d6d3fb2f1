using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Engine.State;
using Idflow.Engine.Storage.Payloads;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>
/// Payloads of one table's rows. A small one stands in its row; a large one has a row in the table of payloads, which a change of
/// the owner's state does not write again, and null in its column; a very large one is a file that this row names.
/// </summary>
internal sealed class PayloadWriter(Database database, PayloadFiles files, string table)
{
    /// <summary>Most bytes of a payload in its row.</summary>
    private const int Small = 1024;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly string _sql = $"INSERT INTO {table}_payload (owner, part, data) SELECT seq, ?, ? FROM {table} WHERE id = ? ON CONFLICT DO UPDATE SET data = excluded.data";
    private readonly ArrayBufferWriter<byte> _buffer = new(Small);
    private readonly List<(RowParts Part, byte[] Data)> _large = [];
    private Utf8JsonWriter? _json;

    /// <summary>Binds the value of a payload's column; nothing for <see cref="RowParts.State"/>.</summary>
    public void Bind(Statement statement, RowParts part, JsonObject payload)
    {
        if (part == RowParts.State)
        {
            return;
        }

        if (payload.Count == 0)
        {
            statement.BindEmptyBlob();
            return;
        }

        _buffer.ResetWrittenCount();
        _buffer.Write([BlobCodec.PlainJson]);
        var json = _json ??= new Utf8JsonWriter(_buffer, Writing);
        json.Reset();
        payload.WriteTo(json);
        json.Flush();

        if (_buffer.WrittenCount <= Small)
        {
            statement.Bind(_buffer.WrittenSpan);
        }
        else
        {
            statement.Bind((string?)null);
            _large.RemoveAll(large => large.Part == part);
            _large.Add((part, _buffer.WrittenSpan.ToArray()));
        }
    }

    /// <summary>Writes the large payloads that were bound to a row that is now there.</summary>
    public void WriteLarge(string owner)
    {
        foreach (var (part, data) in _large)
        {
            database.Sql(_sql).Bind((long)part).Bind(files.Stored(data)).Bind(owner).Run();
        }

        _large.Clear();
    }
}
