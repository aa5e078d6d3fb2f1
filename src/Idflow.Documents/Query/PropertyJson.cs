using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Idflow.Documents.Model;

namespace Idflow.Documents.Query;

/// <summary>Property values as plain JSON, for <c>--json k=JSON</c> and for output.</summary>
public static class PropertyJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 64 };

    /// <summary>
    /// Reads one JSON value: integers of any size stay integers, a number with a point or an exponent is a double, of
    /// duplicate keys the last wins. Text stays text: JSON has no dates.
    /// </summary>
    /// <exception cref="FilterException">The text is not one JSON value; the message names line and column.</exception>
    public static object? Parse(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), Strict);
        try
        {
            reader.Read();
            var value = ReadValue(ref reader);
            return reader.Read() ? throw new JsonException("something follows the value") : value;
        }
        catch (JsonException exception)
        {
            throw new FilterException(
                $"not valid JSON at line {(exception.LineNumber ?? 0) + 1}, column {(exception.BytePositionInLine ?? 0) + 1}: {FirstSentence(exception.Message)} Text needs double quotes: '\"text\"'.");
        }
    }

    /// <summary>Compact JSON of a value; dates and timestamps as ISO 8601 text, numbers that are not finite as the text of <see cref="PropertyText.Of"/>.</summary>
    public static string Write(object? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            Write(writer, value);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <inheritdoc cref="Write(object?)"/>
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case long or BigInteger:
                writer.WriteRawValue(PropertyText.Of(value));
                break;
            case double number when double.IsFinite(number):
                writer.WriteRawValue(PropertyText.Of(number));
                break;
            case PropertyMap map:
                writer.WriteStartObject();
                foreach (var (key, item) in map)
                {
                    writer.WritePropertyName(key);
                    Write(writer, item);
                }

                writer.WriteEndObject();
                break;
            case IReadOnlyList<object?> list:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStringValue(PropertyText.Of(value));
                break;
        }
    }

    /// <summary>The value at the reader's token; leaves the reader on the value's last token.</summary>
    internal static object? ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => ReadNumber(ref reader),
        JsonTokenType.StartArray => ReadList(ref reader),
        JsonTokenType.StartObject => ReadMap(ref reader),
        _ => throw new JsonException($"unexpected {reader.TokenType}"),
    };

    internal static object ReadNumber(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var integer) && !reader.ValueSpan.ContainsAny(".eE"u8))
        {
            return integer;
        }

        return reader.ValueSpan.ContainsAny(".eE"u8)
            ? reader.GetDouble()
            : BigInteger.Parse(Encoding.ASCII.GetString(reader.ValueSpan), CultureInfo.InvariantCulture);
    }

    private static List<object?> ReadList(ref Utf8JsonReader reader)
    {
        var items = new List<object?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadValue(ref reader));
        }

        return items;
    }

    private static PropertyMap ReadMap(ref Utf8JsonReader reader)
    {
        var entries = new List<KeyValuePair<string, object?>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            reader.Read();
            entries.Add(new(key, ReadValue(ref reader)));
        }

        return new PropertyMap(entries);
    }

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(" LineNumber", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
