using System.Text.Json.Nodes;

namespace Idflow.Engine.Jq;

/// <summary>Runs jq programs.</summary>
internal interface IJqEvaluator
{
    /// <summary>All outputs of the program for that input.</summary>
    /// <exception cref="JqException">The program is wrong or fails; the message is jq's.</exception>
    IReadOnlyList<JsonNode?> Evaluate(string program, JsonNode? input);
}

internal sealed class JqException(string message, Exception? innerException = null) : Exception(message, innerException);
