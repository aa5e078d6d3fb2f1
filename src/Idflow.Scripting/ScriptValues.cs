using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Json;
using Jint.Native.Object;
using Jint.Runtime;

namespace Idflow.Scripting;

/// <summary>JSON into a script and a script's value out of it, by Conductor's rules: undefined is null, a number is an integer when it is whole.</summary>
internal static class ScriptValues
{
    /// <summary>Deepest nesting of a value that goes in or comes out.</summary>
    private const int MaxDepth = 500;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth, SkipValidation = true };

    public static JsValue FromJson(Engine engine, JsonNode? node)
    {
        if (node is null)
        {
            return JsValue.Null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            node.WriteTo(writer);
        }

        return new JsonParser(engine, MaxDepth).Parse(buffer.WrittenSpan);
    }

    public static JsonNode? ToJson(Engine engine, JsValue value) => ToJson(engine, value, []);

    private static JsonNode? ToJson(Engine engine, JsValue value, HashSet<ObjectInstance> open)
    {
        switch (value.Type)
        {
            case Types.Boolean:
                return JsonValue.Create(value.AsBoolean());
            case Types.String:
                return JsonValue.Create(value.AsString());
            case Types.Number:
                return FromNumber(value.AsNumber());
            case Types.BigInt:
                return FromBigInteger((BigInteger)value.ToObject()!);
            case Types.Symbol:
                return JsonValue.Create(value.ToString());
            case Types.Object:
                var instance = value.AsObject();
                if (open.Count >= MaxDepth || !open.Add(instance))
                {
                    throw new LimitExceededException(ScriptFailure.Thrown, open.Count >= MaxDepth
                        ? $"Error evaluating the script `The result is nested more than {MaxDepth} levels deep`"
                        : "Error evaluating the script `The result contains itself`");
                }

                var node = FromObject(engine, instance, open);
                open.Remove(instance);
                return node;
            default:
                return null;
        }
    }

    private static JsonNode? FromObject(Engine engine, ObjectInstance instance, HashSet<ObjectInstance> open)
    {
        engine.Constraints.Check();
        switch (instance)
        {
            case JsArray array:
                return FromList(engine, array, array.Length, open);
            case JsDate date:
                return double.IsNaN(date.DateValue) ? null : JsonValue.Create(TypeConverter.ToString(Call(date, "toISOString")));
            case JsMap map:
                var members = new JsonObject();
                foreach (var (key, item) in map)
                {
                    engine.Constraints.Check();
                    members[TypeConverter.ToString(key)] = ToJson(engine, item, open);
                }

                return members;
            case JsSet set:
                var items = new JsonArray();
                foreach (var item in set)
                {
                    engine.Constraints.Check();
                    items.Add(ToJson(engine, item, open));
                }

                return items;
            case IJsPrimitive boxed:
                return ToJson(engine, boxed.PrimitiveValue, open);
            case JsTypedArray typed:
                return FromList(engine, typed, typed.Length, open);
        }

        var result = new JsonObject();
        foreach (var key in instance.GetOwnPropertyKeys(Types.String))
        {
            if (instance.GetOwnProperty(key).Enumerable)
            {
                engine.Constraints.Check();
                result[key.AsString()] = ToJson(engine, instance.Get(key), open);
            }
        }

        return result;
    }

    private static JsonArray FromList(Engine engine, ObjectInstance list, uint length, HashSet<ObjectInstance> open)
    {
        var result = new JsonArray();
        for (uint i = 0; i < length; i++)
        {
            engine.Constraints.Check();
            result.Add(ToJson(engine, list.Get(i), open));
        }

        return result;
    }

    private static JsValue Call(ObjectInstance self, string method) => ((Function)self.Get(method)).Call(self, []);

    private static JsonValue FromNumber(double number)
    {
        if (double.IsNaN(number))
        {
            return JsonValue.Create("NaN");
        }

        if (double.IsInfinity(number))
        {
            return JsonValue.Create(number > 0 ? "Infinity" : "-Infinity");
        }

        // Above 2^63 a whole number is no long any more.
        return number == Math.Truncate(number) && Math.Abs(number) < 9.2e18 ? FromBigInteger(new BigInteger(number)) : JsonValue.Create(number);
    }

    private static JsonValue FromBigInteger(BigInteger number) =>
        number >= int.MinValue && number <= int.MaxValue ? JsonValue.Create((int)number)
        : number >= long.MinValue && number <= long.MaxValue ? JsonValue.Create((long)number)
        : JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture))!.AsValue();
}
