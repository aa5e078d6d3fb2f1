using System.Text.Json.Nodes;
using Idflow.Engine.Expressions;
using Idflow.Scripting;

namespace Idflow.Engine.Decisions;

/// <summary>The values of <c>evaluatorType</c>.</summary>
internal static class Evaluators
{
    public const string ValueParam = "value-param";

    public static bool IsKnown(string? type) => type is ValueParam || IsJavaScript(type);

    public static bool IsJavaScript(string? type) => type is "javascript" or "graaljs";

    /// <summary>The value of an expression over an input.</summary>
    /// <exception cref="ScriptException">The script gives no value.</exception>
    public static JsonNode? Evaluate(DecisionContext context, string type, string expression, JsonObject input) => type == ValueParam
        ? input[expression]?.DeepClone()
        : Script(context, expression, input);

    public static JsonObject WithSecrets(DecisionContext context, JsonObject input) => SecretResolver.Resolve(input, context.Services.Secrets);

    public static JsonNode? Script(DecisionContext context, string script, JsonNode? input) =>
        context.Services.Scripts.Evaluate(script, new Dictionary<string, JsonNode?> { ["$"] = input });
}
