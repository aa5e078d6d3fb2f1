using System.Text.Json;
using System.Text.RegularExpressions;

namespace Idflow.Server.Http;

/// <summary>What is wrong with a JSON body and where, in words for the person who sent it.</summary>
internal static partial class JsonErrorText
{
    public static string Of(JsonException exception)
    {
        // A wrapped failure (a text that is no Unicode, for example) says more than the wrapper's "could not be converted".
        var message = exception.InnerException is InvalidOperationException inner ? inner.Message : exception.Message;
        var end = PositionSuffix().Match(message);
        if (end.Success)
        {
            message = message[..end.Index];
        }

        message = TwiceTheName().Replace(message, match => $"the name '{match.Groups[1].Value}' stands twice in one object");
        message = TypeName().Replace(message, match => "expected " + Shape(match.Groups[1].Value)).TrimEnd('.');
        var field = exception.Path is { Length: > 2 } path ? $", field {path[2..]}" : "";
        var place = exception.LineNumber is { } line ? $" at line {line + 1}, column {exception.BytePositionInLine + 1}" : "";
        return $"JSON parse error{place}{field}: {message}";
    }

    private static string Shape(string type) => type switch
    {
        _ when type.Contains("IReadOnlyList", StringComparison.Ordinal) => "a list",
        _ when type.Contains("String", StringComparison.Ordinal) => "a text",
        _ => "an object",
    };

    [GeneratedRegex(@" (Path: .* \| )?LineNumber: .*$", RegexOptions.Singleline)]
    private static partial Regex PositionSuffix();

    [GeneratedRegex(@"^An item with the same key has already been added\. Key: (.*) \(Parameter 'key'\)$", RegexOptions.Singleline)]
    private static partial Regex TwiceTheName();

    [GeneratedRegex(@"The JSON value could not be converted to (.+)$")]
    private static partial Regex TypeName();
}
