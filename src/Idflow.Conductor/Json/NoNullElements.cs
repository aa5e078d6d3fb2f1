using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Conductor.Json;

/// <summary>A null among the elements of a list is refused: nothing could be done with it, wherever the list is used.</summary>
internal static class NoNullElements
{
    /// <exception cref="JsonException">Names the place of the null within the list or map.</exception>
    public static void Check(object? value)
    {
        switch (value)
        {
            case null or string or JsonNode:
                break;
            case IReadOnlyDictionary<string, IReadOnlyList<WorkflowTask>> cases:
                foreach (var (name, list) in cases)
                {
                    CheckElement(list, $"['{name}']");
                }
                break;
            case IEnumerable<object?> list:
                var index = 0;
                foreach (var element in list)
                {
                    CheckElement(element, $"[{index++}]");
                }
                break;
            default:
                break;
        }
    }

    private static void CheckElement(object? element, string place)
    {
        if (element is null)
        {
            throw new JsonException($"null stands at {place}, where a value is needed");
        }
        Check(element);
    }
}
