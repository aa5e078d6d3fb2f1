using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Documents.Index;

/// <summary>
/// Properties as compact JSON that keeps every type: what JSON lacks is a map with one key, <c>{"$date": ..}</c>,
/// <c>{"$time": ..}</c> (a timestamp, with its zone if it has one) or <c>{"$float": ..}</c>, and a map that looks like
/// one of these is <c>{"$map": [key, value]}</c>.
/// </summary>
internal static class PropertyCodec
{
    private const string Date = "$date";
    private const string Time = "$time";
    private const string Float = "$float";
    private const string EscapedMap = "$map";
    private const string TimeFormat = "O";

    private static readonly JsonWriterOptions Raw = new() { SkipValidation = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 1000 };

    public static byte[] Encode(PropertyMap properties)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Raw))
        {
            WriteEntries(writer, properties);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="JsonException">The bytes are damaged.</exception>
    public static PropertyMap Decode(byte[] encoded) => PropertyMap.OfDistinct(Entries(encoded));

    /// <summary>The same map, checked now and decoded when it is first looked at.</summary>
    /// <exception cref="JsonException">The bytes are damaged.</exception>
    public static PropertyMap DecodeLater(byte[] encoded) =>
        IsSound(encoded) ? PropertyMap.Deferred(encoded, Entries) : Decode(encoded);

    /// <summary>The same map, which <see cref="DecodeOnly"/> has found sound.</summary>
    /// <exception cref="JsonException">The bytes are damaged.</exception>
    public static PropertyMap DecodeSoundLater(byte[] encoded)
    {
        RequireText(encoded);
        return PropertyMap.Deferred(encoded, Entries);
    }

    /// <summary>Only these keys of the top level (in UTF-8); the others are skipped without being read.</summary>
    /// <param name="encoded">All properties.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="isSound">Whether decoding the rest cannot fail, as far as this was to be seen.</param>
    /// <exception cref="JsonException">The bytes are damaged.</exception>
    public static PropertyMap DecodeOnly(byte[] encoded, byte[][] keys, out bool isSound)
    {
        isSound = keys.Length > 0;
        if (keys.Length == 0)
        {
            return PropertyMap.Empty;
        }

        List<KeyValuePair<string, object?>>? entries = null;
        var reader = new Utf8JsonReader(encoded, Deep);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (IsOneOf(ref reader, keys))
            {
                var key = KeyPool.Get(ref reader);
                reader.Read();
                (entries ??= new(keys.Length)).Add(new(key, ReadValue(ref reader)));
            }
            else
            {
                isSound &= SkipSound(ref reader);
            }
        }

        return entries is null ? PropertyMap.Empty : PropertyMap.OfDistinct(entries);
    }

    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case double number when !double.IsFinite(number):
                WriteTagged(writer, Float, number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case DateOnly date:
                WriteTagged(writer, Date, date.ToString(TimeFormat, CultureInfo.InvariantCulture));
                break;
            case DateTime time:
                WriteTagged(writer, Time, DateTime.SpecifyKind(time, DateTimeKind.Unspecified).ToString(TimeFormat, CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset time:
                WriteTagged(writer, Time, time.ToString(TimeFormat, CultureInfo.InvariantCulture));
                break;
            case PropertyMap map:
                WriteMap(writer, map);
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
                PropertyJson.Write(writer, value);
                break;
        }
    }

    public static object? ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartArray => ReadList(ref reader),
        JsonTokenType.StartObject => ReadMap(ref reader),
        _ => PropertyJson.ReadValue(ref reader),
    };

    private static void WriteMap(Utf8JsonWriter writer, PropertyMap map)
    {
        if (map.Count != 1 || !map.Keys.First().StartsWith('$'))
        {
            WriteEntries(writer, map);
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartArray(EscapedMap);
        writer.WriteStringValue(map.Keys.First());
        Write(writer, map.Values.First());
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteEntries(Utf8JsonWriter writer, PropertyMap map)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in map)
        {
            writer.WritePropertyName(key);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteTagged(Utf8JsonWriter writer, string tag, string text)
    {
        writer.WriteStartObject();
        writer.WriteString(tag, text);
        writer.WriteEndObject();
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

    private static object ReadMap(ref Utf8JsonReader reader)
    {
        var entries = ReadEntries(ref reader);
        return entries is [{ Key: ['$', ..] } only] ? Untag(only) : PropertyMap.OfDistinct(entries);
    }

    private static List<KeyValuePair<string, object?>> ReadEntries(ref Utf8JsonReader reader)
    {
        var entries = new List<KeyValuePair<string, object?>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = KeyPool.Get(ref reader);
            reader.Read();
            entries.Add(new(key, ReadValue(ref reader)));
        }

        return entries;
    }

    private static object Untag(KeyValuePair<string, object?> tagged) => (tagged.Key, tagged.Value) switch
    {
        (Date, string text) => DateOnly.ParseExact(text, TimeFormat, CultureInfo.InvariantCulture),
        (Time, string { Length: 27 } text) => DateTime.ParseExact(text, TimeFormat, CultureInfo.InvariantCulture),
        (Time, string text) => DateTimeOffset.ParseExact(text, TimeFormat, CultureInfo.InvariantCulture),
        (Float, string text) => double.Parse(text, CultureInfo.InvariantCulture),
        (EscapedMap, List<object?> { Count: 2 } pair) when pair[0] is string key => PropertyMap.Empty.With(key, pair[1]),
        _ => throw new JsonException($"unknown tag {tagged.Key}"),
    };

    private static List<KeyValuePair<string, object?>> Entries(byte[] encoded)
    {
        var reader = new Utf8JsonReader(encoded, Deep);
        reader.Read();
        return ReadEntries(ref reader);
    }

    /// <summary>Whether decoding cannot fail; of values with a tag only dates are looked at, others count as doubtful.</summary>
    /// <exception cref="JsonException">The bytes are damaged.</exception>
    private static bool IsSound(byte[] encoded)
    {
        RequireText(encoded);
        var reader = new Utf8JsonReader(encoded, Deep);
        reader.Read();
        var isSound = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isSound &= SkipSound(ref reader);
        }

        return isSound;
    }

    private static void RequireText(byte[] encoded)
    {
        if (!Utf8.IsValid(encoded))
        {
            throw new JsonException("not UTF-8");
        }
    }

    /// <summary>From a key to the end of its value; false when a tag in it may be wrong.</summary>
    private static bool SkipSound(ref Utf8JsonReader reader)
    {
        var isSound = true;
        reader.Read();
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            for (var depth = reader.CurrentDepth; reader.Read() && reader.CurrentDepth > depth;)
            {
                isSound &= reader.TokenType != JsonTokenType.PropertyName || reader.ValueSpan is not [(byte)'$', ..] || IsDate(ref reader);
            }
        }

        return isSound;
    }

    private static bool IsDate(ref Utf8JsonReader reader)
    {
        var isTag = reader.ValueTextEquals(Date);
        reader.Read();
        return isTag && reader.TokenType == JsonTokenType.String
            && DateOnly.TryParseExact(reader.GetString(), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
    }

    private static bool IsOneOf(ref Utf8JsonReader reader, byte[][] keys)
    {
        foreach (var key in keys)
        {
            if (reader.ValueTextEquals(key))
            {
                return true;
            }
        }

        return false;
    }
}
