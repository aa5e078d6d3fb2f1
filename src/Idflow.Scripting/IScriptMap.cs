using System.Text.Json.Nodes;

namespace Idflow.Scripting;

/// <summary>
/// A map that a script sees as an ordinary object. It is asked for a value when the script first reads it, so values that take long to put
/// together cost nothing to a script that does not look at them.
/// </summary>
public interface IScriptMap
{
    /// <summary>All keys, in the order in which the script lists them. Asked for only when it lists them.</summary>
    IEnumerable<string> Keys { get; }

    /// <param name="value">Is not changed: what the script gets is a copy.</param>
    /// <returns>False when there is no such key.</returns>
    bool TryGetValue(string key, out JsonNode? value);

    /// <summary>The value of a key that is such a map itself; null for all others.</summary>
    IScriptMap? Inner(string key) => null;
}
