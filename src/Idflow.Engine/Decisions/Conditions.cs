using System.Text.Json;
using System.Text.Json.Nodes;

namespace Idflow.Engine.Decisions;

/// <summary>What a script's value means where yes or no is asked: true, or a number above zero.</summary>
internal static class Conditions
{
    public static bool IsTrue(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Number => value.GetValue<double>() > 0,
        _ => false,
    };
}
