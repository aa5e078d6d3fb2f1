using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Idflow.Engine.Expressions;

/// <summary>
/// Fills in <c>${workflow.secrets.NAME}</c> where a task is handed out, so that stored input never holds a secret. Everything
/// else stays as it is.
/// </summary>
internal static class SecretResolver
{
    /// <summary>The same tree when it names no secret, else a copy. A secret that is not there is null, and nothing inside a longer text.</summary>
    public static JsonObject Resolve(JsonObject input, Func<string, string?> secrets) =>
        Mentions(input) ? (JsonObject)Copy(input, secrets)! : input;

    private static bool Mentions(JsonNode? node) => node switch
    {
        JsonObject map => map.Any(entry => Mentions(entry.Value)),
        JsonArray list => list.Any(Mentions),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>().Contains("${" + ExpressionEvaluator.SecretPrefix, StringComparison.Ordinal),
        _ => false,
    };

    private static JsonNode? Copy(JsonNode? node, Func<string, string?> secrets)
    {
        switch (node)
        {
            case JsonObject map:
                var copy = new JsonObject();
                foreach (var (key, value) in map)
                {
                    copy.Add(key, Copy(value, secrets));
                }

                return copy;
            case JsonArray list:
                return new JsonArray([.. list.Select(item => Copy(item, secrets))]);
            case JsonValue when Mentions(node):
                return Fill(node.GetValue<string>(), secrets);
            default:
                return node?.DeepClone();
        }
    }

    private static JsonNode? Fill(string text, Func<string, string?> secrets)
    {
        var filled = new StringBuilder();
        var literal = 0;
        foreach (var (start, end) in TextTemplate.Matches(text))
        {
            var body = text[(start + 2)..(end - 1)];
            if (!body.StartsWith(ExpressionEvaluator.SecretPrefix, StringComparison.Ordinal))
            {
                continue;
            }

            var value = ExpressionEvaluator.ValueOf(body[ExpressionEvaluator.SecretPrefix.Length..], secrets);
            if (start == 0 && end == text.Length)
            {
                return value?.DeepClone();
            }

            filled.Append(text, literal, start - literal);
            if (value is not null)
            {
                JavaText.Append(filled, value);
            }

            literal = end;
        }

        return JsonValue.Create(filled.Append(text, literal, text.Length - literal).ToString());
    }
}
