using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Cli.Errors;

namespace Idflow.Cli.Commands;

/// <summary>The value of an option that is a JSON object, or <c>@FILE</c> with one.</summary>
internal static class JsonInput
{
    /// <exception cref="CliException">It is not JSON, not an object, or the file cannot be read.</exception>
    public static JsonObject Read(string? value, string option, string workingDirectory)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return [];
        }

        var file = value[0] == '@' ? Path.GetFullPath(value[1..], workingDirectory) : null;
        try
        {
            var text = file is null ? value : File.ReadAllText(file);
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }) as JsonObject
                ?? throw CliException.Usage($"{option}: {file ?? "the value"} is JSON, but not an object.", $"Give an object, for example {option} '{{\"key\": \"value\"}}'.");
        }
        catch (JsonException e)
        {
            throw CliException.Usage($"{file ?? option}:{(e.LineNumber ?? 0) + 1}:{(e.BytePositionInLine ?? 0) + 1}: not valid JSON. {Plain(e.Message)}", $"Give an object, for example {option} '{{\"key\": \"value\"}}', or {option} @FILE.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"{option}: {e.Message}");
        }
    }

    /// <summary>The reader's message without its own way of giving the place.</summary>
    private static string Plain(string message) => message.Split(" LineNumber:")[0].Split(" Path:")[0];
}
