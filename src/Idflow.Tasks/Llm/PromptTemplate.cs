using System.Text;
using System.Text.Json.Nodes;
using Idflow.Workers;

namespace Idflow.Tasks.Llm;

/// <summary>
/// Fills <c>{name}</c> and <c>${name}</c> in a prompt. <c>{{</c> and <c>}}</c> are literal braces. A brace that holds no plain name
/// (JSON, code) stays as it is. Values are never expanded again.
/// </summary>
internal static class PromptTemplate
{
    /// <param name="template">The prompt.</param>
    /// <param name="variables">The values; null leaves the prompt untouched.</param>
    /// <exception cref="TaskFailedException">Variables are missing; all of them are named, and those that are known.</exception>
    public static string Render(string template, JsonObject? variables)
    {
        if (variables is null || variables.Count == 0)
        {
            return template;
        }

        var result = new StringBuilder(template.Length);
        SortedSet<string> missing = new(StringComparer.Ordinal);
        for (var position = 0; position < template.Length; position++)
        {
            var character = template[position];
            if (character is '{' or '}' && position + 1 < template.Length && template[position + 1] == character)
            {
                result.Append(character);
                position++;
            }
            else if (NameAt(template, position, out var name, out var end))
            {
                if (variables.TryGetPropertyValue(name, out var value))
                {
                    result.Append(Show(value));
                }
                else
                {
                    missing.Add(name);
                }

                position = end;
            }
            else
            {
                result.Append(character);
            }
        }

        return missing.Count == 0 ? result.ToString() : throw TaskFailedException.Terminal(
            $"The prompt wants {string.Join(", ", missing.Select(name => $"{{{name}}}"))}, which 'promptVariables' does not give; it gives {string.Join(", ", variables.Select(entry => entry.Key))}. Write {{{{ and }}}} for literal braces.");
    }

    private static bool NameAt(string template, int position, out string name, out int end)
    {
        name = "";
        end = position;
        var open = template[position] == '$' ? position + 1 : position;
        if (open >= template.Length || template[open] != '{')
        {
            return false;
        }

        var close = open + 1;
        while (close < template.Length && (char.IsLetterOrDigit(template[close]) || template[close] is '_' or '-' or '.'))
        {
            close++;
        }

        if (close == open + 1 || close >= template.Length || template[close] != '}' || char.IsAsciiDigit(template[open + 1]))
        {
            return false;
        }

        name = template[(open + 1)..close];
        end = close;
        return true;
    }

    private static string Show(JsonNode? value) => value switch
    {
        null => "",
        JsonValue => value.ToString(),
        _ => value.ToJsonString(),
    };
}
