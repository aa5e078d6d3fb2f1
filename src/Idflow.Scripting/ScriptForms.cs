using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Idflow.Scripting;

/// <summary>Conductor's forms of scripts beside the plain one whose last statement is the result.</summary>
public static class ScriptForms
{
    /// <summary>A LAMBDA's text as the body of a function, so that <c>return</c> gives the result; lines keep their numbers.</summary>
    public static string Lambda(string body) => $"(function () {{{body}\n}})()";

    /// <summary>Whether a condition's value counts as true: true itself, or a number above 0.</summary>
    public static bool IsTrue(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Number => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) > 0,
        _ => false,
    };
}
