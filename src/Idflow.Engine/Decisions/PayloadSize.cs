using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Idflow.Engine.Decisions;

/// <summary>Sizes of payloads, as their limits count them: bytes of JSON as UTF-8.</summary>
internal static class PayloadSize
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 1024 };

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    [ThreadStatic]
    private static Counter? _counter;

    public static long Of(JsonNode payload)
    {
        if (payload is JsonObject { Count: 0 })
        {
            return 2;
        }
        var counter = _counter ??= new Counter();
        var writer = _writer ??= new Utf8JsonWriter(counter, Writing);
        counter.Written = 0;
        writer.Reset();
        payload.WriteTo(writer);
        writer.Flush();
        return counter.Written;
    }

    /// <summary>Forgets what is written to it.</summary>
    private sealed class Counter : IBufferWriter<byte>
    {
        private byte[] _scratch = new byte[4096];

        public long Written { get; set; }

        public void Advance(int count) => Written += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => Scratch(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => Scratch(sizeHint);

        private byte[] Scratch(int sizeHint) => sizeHint <= _scratch.Length ? _scratch : _scratch = new byte[sizeHint];
    }
}
