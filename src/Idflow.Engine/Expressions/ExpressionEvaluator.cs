using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Engine.Expressions.Paths;

namespace Idflow.Engine.Expressions;

/// <summary>What <c>${workflow.env.NAME}</c> and <c>${NAME}</c> stand for; the defaults know no names.</summary>
/// <param name="Environment">The value of a name of the environment store; null when there is none.</param>
/// <param name="System">The value of a process variable that expressions may read; null for all others.</param>
internal sealed record ExpressionVariables(Func<string, string?>? Environment = null, Func<string, string?>? System = null);

/// <summary>
/// Conductor's expressions. Names are looked up in this order: secrets (left as they are written, see
/// <see cref="SecretResolver"/>), environment, <c>CPEWF_TASK_ID</c> and process variables, then the path in the scope.
/// Texts and paths are read once and kept; values are copied where they enter the result, nothing else is.
/// </summary>
internal sealed class ExpressionEvaluator(ExpressionVariables? variables = null) : IExpressionEvaluator
{
    internal const string SecretPrefix = "workflow.secrets.";
    private const string EnvironmentPrefix = "workflow.env.";
    private const string TaskIdName = "CPEWF_TASK_ID";

    private readonly ExpressionVariables _variables = variables ?? new();
    private readonly BoundedCache<TextTemplate> _templates = new(TextTemplate.Parse);
    private readonly BoundedCache<JsonPath?> _paths = new(text => JsonPath.TryParse(text, out var path, out _) ? path : null);

    public JsonNode? Evaluate(JsonNode? template, IExpressionScope scope, PayloadMeter? meter = null) => template switch
    {
        null => null,
        JsonObject map => EvaluateMap(map, scope, meter),
        JsonArray list => new JsonArray([.. list.Select(item => Evaluate(item, scope, meter))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is var text && TextTemplate.MayHoldExpressions(text) => EvaluateText(text, scope, meter),
        _ => template.DeepClone(),
    };

    /// <summary>The value of a text that is one expression, else the text with its expressions filled in.</summary>
    public JsonNode? EvaluateText(string text, IExpressionScope scope, PayloadMeter? meter = null)
    {
        var template = _templates.Get(text);
        if (template.Whole is not { } whole)
        {
            var filled = Fill(template, scope, meter);
            meter?.Add(filled);
            return JsonValue.Create(filled);
        }

        if (!TryResolve(whole, scope, meter, out var value))
        {
            return JsonValue.Create(whole.Written);
        }

        meter?.Add(value);
        return Detached(value);
    }

    private JsonObject EvaluateMap(JsonObject map, IExpressionScope scope, PayloadMeter? meter)
    {
        var result = new JsonObject();
        foreach (var (key, value) in map)
        {
            result.Add(key, Evaluate(value, scope, meter));
        }

        return result;
    }

    private string Fill(TextTemplate template, IExpressionScope scope, PayloadMeter? meter)
    {
        var text = new StringBuilder();
        foreach (var part in template.Parts)
        {
            switch (part)
            {
                case LiteralPart literal:
                    text.Append(literal.Text);
                    break;
                case ExpressionPart expression when TryResolve(expression, scope, meter, out var value):
                    JavaText.Append(text, value);
                    meter?.Check(text.Length);
                    break;
                case ExpressionPart expression:
                    text.Append(expression.Written);
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>False for an expression that stays as it is written.</summary>
    private bool TryResolve(ExpressionPart expression, IExpressionScope scope, PayloadMeter? meter, out JsonNode? value)
    {
        var body = expression.Nested is { } nested ? Fill(nested, scope, meter) : expression.Body;
        value = null;
        if (string.IsNullOrWhiteSpace(body))
        {
            value = JsonValue.Create("");
            return true;
        }

        if (body.StartsWith(SecretPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        if (body.StartsWith(EnvironmentPrefix, StringComparison.Ordinal))
        {
            value = ValueOf(body[EnvironmentPrefix.Length..], name => _variables.Environment?.Invoke(name));
            return true;
        }

        if (body == TaskIdName)
        {
            value = scope.TaskId;
            return value is not null;
        }

        value = _variables.System?.Invoke(body) is { } variable ? JsonValue.Create(variable) : EvaluatePath(body, scope);
        return true;
    }

    /// <summary><c>NAME</c>, or <c>NAME.path</c> into a value that is JSON.</summary>
    internal static JsonNode? ValueOf(string body, Func<string, string?> lookup)
    {
        var dot = body.IndexOf('.', StringComparison.Ordinal);
        if (lookup(dot < 0 ? body : body[..dot]) is not { } text)
        {
            return null;
        }

        if (dot < 0)
        {
            return JsonValue.Create(text);
        }

        return TryParseJson(text, out var json) && JsonPath.TryParse(body[(dot + 1)..], out var path, out _) ? path.Evaluate(json) : null;
    }

    private JsonNode? EvaluatePath(string body, IExpressionScope scope)
    {
        if (_paths.Get(body) is not { } path)
        {
            return null;
        }

        var context = new PathContext(scope.Whole);
        if (path.PlainKeys.Count == 0)
        {
            return path.Evaluate(context.Root, 0, context);
        }

        return scope.TryResolve(path.PlainKeys, out var used, out var value) ? path.Evaluate(value, used, context) : path.Missing();
    }

    private static bool TryParseJson(string text, [NotNullWhen(true)] out JsonNode? json)
    {
        try
        {
            json = ForeignJson.Parse(text);
            return json is not null;
        }
        catch (JsonException)
        {
            json = null;
            return false;
        }
    }

    /// <summary>Values of the scope stay in their own tree: the same value may be asked for again.</summary>
    private static JsonNode? Detached(JsonNode? value) => value?.DeepClone();
}

/// <summary>Things read from texts, kept by text; when full all are dropped, as definitions change seldom.</summary>
internal sealed class BoundedCache<T>(Func<string, T> read)
{
    private const int Capacity = 4096;
    private const int LongestKept = 16 * 1024;

    private readonly ConcurrentDictionary<string, T> _known = new(StringComparer.Ordinal);

    public T Get(string text)
    {
        if (_known.TryGetValue(text, out var known))
        {
            return known;
        }

        var value = read(text);
        if (text.Length <= LongestKept)
        {
            if (_known.Count >= Capacity)
            {
                _known.Clear();
            }

            _known[text] = value;
        }

        return value;
    }
}
