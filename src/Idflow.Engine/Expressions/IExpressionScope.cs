using System.Text.Json.Nodes;

namespace Idflow.Engine.Expressions;

/// <summary>
/// What <c>${..}</c> can see. An evaluator splits the plain keys off the front of a path (<c>fork.output.key</c>, <c>['key']</c>)
/// and asks for as many of them as the scope knows how to answer at once: outputs of joins and loops are never put together
/// for the sake of one key.
/// </summary>
internal interface IExpressionScope
{
    /// <param name="keys">The plain keys at the front of the path, at least one.</param>
    /// <param name="used">How many of them <paramref name="value"/> stands for; the evaluator walks the rest of the path.</param>
    /// <param name="value">Not to be changed; copy it before it goes into another tree.</param>
    /// <returns>False when there is nothing of that name.</returns>
    bool TryResolve(IReadOnlyList<string> keys, out int used, out JsonNode? value);

    /// <summary>The whole context, for paths that do not begin with a plain key (<c>$..name</c>). Slow.</summary>
    JsonObject Whole();

    /// <summary>What <c>${CPEWF_TASK_ID}</c> stands for; null leaves it a literal.</summary>
    string? TaskId { get; }
}
