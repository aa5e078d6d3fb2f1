using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Engine.Decisions;

namespace Idflow.Engine.Expressions;

/// <summary>
/// Counts what expressions copy into one payload while it is put together, so that many copies of a large value stop at the limit and not when
/// memory ends. It never counts more than the payload will have: what passes here is measured in full afterwards.
/// </summary>
/// <param name="most">Bytes of JSON.</param>
internal sealed class PayloadMeter(long most)
{
    /// <summary>Maps and lists that go uncounted: nearly all payloads have no more, and need not be measured twice.</summary>
    private const int Uncounted = 8;

    private readonly Dictionary<JsonNode, long> _sizes = [];
    private long _bytes;
    private int _containers;

    /// <summary>Room for that many more characters in a text that is being put together.</summary>
    /// <exception cref="PayloadOverflowException">There is none.</exception>
    public void Check(long characters)
    {
        if (_bytes + characters > most)
        {
            throw new PayloadOverflowException(_bytes + characters, most);
        }
    }

    /// <param name="value">Copied into the payload after this.</param>
    /// <exception cref="PayloadOverflowException">With it the payload is over the limit.</exception>
    public void Add(JsonNode? value)
    {
        var bytes = value switch
        {
            null => 0,
            JsonValue text => text.GetValueKind() == JsonValueKind.String ? text.GetValue<string>().Length : 0,
            _ when ++_containers <= Uncounted => 0,
            _ => SizeOf(value),
        };
        Check(bytes);
        _bytes += bytes;
    }

    public void Add(string text) => _bytes += text.Length;

    /// <summary>The same value is measured once.</summary>
    private long SizeOf(JsonNode value) => _sizes.TryGetValue(value, out var known) ? known : _sizes[value] = PayloadSize.Of(value);
}

/// <summary>What is put together of expressions is over its limit, and is not made.</summary>
internal sealed class PayloadOverflowException(long bytes, long most) : Exception($"A payload of more than {bytes} bytes was asked for; the limit is {most} bytes ({LimitSettings.TaskPayload})")
{
    /// <summary>How much it was when it was given up; the whole is more.</summary>
    public long Bytes => bytes;
}
