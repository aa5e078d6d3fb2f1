using System.Text.Json.Nodes;

namespace Idflow.Engine.Expressions;

/// <summary>Replaces <c>${..}</c> in texts, at any depth of maps and lists; keys are never evaluated.</summary>
internal interface IExpressionEvaluator
{
    /// <summary>A new tree; the template stays as it is. Secrets stay literal.</summary>
    JsonNode? Evaluate(JsonNode? template, IExpressionScope scope);
}
