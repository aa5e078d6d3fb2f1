using System.Text.Json.Nodes;

namespace Idflow.Engine.Expressions;

/// <summary>Replaces <c>${..}</c> in texts, at any depth of maps and lists; keys are never evaluated.</summary>
internal interface IExpressionEvaluator
{
    /// <summary>A new tree; the template stays as it is. Secrets stay literal.</summary>
    /// <param name="meter">Counts what is copied into it; null for no limit.</param>
    /// <exception cref="PayloadOverflowException">The tree would be over the limit of <paramref name="meter"/>.</exception>
    JsonNode? Evaluate(JsonNode? template, IExpressionScope scope, PayloadMeter? meter = null);
}
