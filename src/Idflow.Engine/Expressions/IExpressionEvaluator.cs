using System.Text.Json.Nodes;

namespace Idflow.Engine.Expressions;

/// <summary>Replaces <c>${..}</c> in texts, at any depth of maps and lists; keys are never evaluated.</summary>
internal interface IExpressionEvaluator
{
    /// <summary>A new tree; the template stays as it is. Secrets stay literal.</summary>
    JsonNode? Evaluate(JsonNode? template, IExpressionScope scope);
}

/// <summary>Runs jq programs.</summary>
internal interface IJqEvaluator
{
    /// <summary>All outputs of the program for that input.</summary>
    /// <exception cref="JqException">The program is wrong or fails; the message is jq's.</exception>
    IReadOnlyList<JsonNode?> Evaluate(string program, JsonNode? input);
}

internal sealed class JqException(string message, Exception? innerException = null) : Exception(message, innerException);
