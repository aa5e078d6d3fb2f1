using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Idflow.Documents.Model;

namespace Idflow.Documents.Tests.Query;

/// <summary>The documents of <c>Data/original-idflow/expected.json</c> as summaries, by label.</summary>
internal static class OriginalDocuments
{
    public static JsonElement ReadJson(string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "original-idflow", name))).RootElement;

    public static IReadOnlyDictionary<string, DocumentSummary> Load() =>
        ReadJson("expected.json").GetProperty("documents").EnumerateArray()
            .ToDictionary(document => document.GetProperty("label").GetString()!, Summary);

    private static DocumentSummary Summary(JsonElement document) => new(
        document.GetProperty("id").GetString()!,
        Enum.Parse<DocumentStatus>(document.GetProperty("status").GetString()!, ignoreCase: true),
        (PropertyMap)Value(document.GetProperty("properties"))!,
        [.. document.GetProperty("doc_refs").EnumerateArray().Select(reference => new DocumentReference(
            reference.GetProperty("key").GetString()!, reference.GetProperty("uuid").GetString()!, PropertyMap.Empty))],
        [.. document.GetProperty("files").EnumerateArray().Select(file => new FileReference(
            file.GetProperty("key").GetString()!, file.GetProperty("filename").GetString()!, file.GetProperty("uuid").GetString()!, PropertyMap.Empty))],
        [.. document.GetProperty("stages").EnumerateArray().Select(stage => new StageSummary(
            stage.GetProperty("name").GetString()!,
            stage.GetProperty("counter").GetInt32(),
            Enum.Parse<StageStatus>(stage.GetProperty("status").GetString()!, ignoreCase: true)))]);

    private static object? Value(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number when element.GetRawText().AsSpan().ContainsAny('.', 'e'):
                return element.GetDouble();
            case JsonValueKind.Number:
                return element.TryGetInt64(out var number) ? number : BigInteger.Parse(element.GetRawText(), CultureInfo.InvariantCulture);
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Value).ToList();
            default:
                return Special(element) ?? new PropertyMap(element.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, Value(property.Value))));
        }
    }

    private static object? Special(JsonElement element)
    {
        var first = element.EnumerateObject().Take(1).SingleOrDefault(property => property.Name.StartsWith('$'));
        return first.Value.ValueKind == JsonValueKind.Undefined ? null : first.Name switch
        {
            "$date" => DateOnly.Parse(first.Value.GetString()!, CultureInfo.InvariantCulture),
            "$datetime" => DateTimeOffset.Parse(first.Value.GetString()!, CultureInfo.InvariantCulture),
            "$float" => first.Value.GetString() switch { "nan" => double.NaN, "inf" => double.PositiveInfinity, _ => double.NegativeInfinity },
            "$map" => new PropertyMap(first.Value.EnumerateArray().Select(pair => KeyValuePair.Create(pair[0].ToString(), Value(pair[1])))),
            _ => null,
        };
    }
}
