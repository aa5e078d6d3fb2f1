using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Idflow.Conductor.Json;

namespace Idflow.Conductor.Rest;

/// <summary>What an error answer means.</summary>
internal static partial class RestErrors
{
    private const int LongestForeignText = 200;

    public static ConductorException Of(RestReply reply, RestCall call, Uri server)
    {
        var status = (int)reply.Status;
        if (Parse(reply.Body) is { Message: { } message } error)
        {
            return new ConductorException(status, message, error.Retryable, error.ValidationErrors);
        }

        // Not Conductor's shape: a gateway, or something else at that address.
        var text = Spaces().Replace(Tags().Replace(Encoding.UTF8.GetString(reply.Body), " "), " ").Trim();
        text = text.Length > LongestForeignText ? text[..LongestForeignText] + "..." : text;
        return reply.Status switch
        {
            HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
                new ConductorUnavailableException(server.ToString(), new HttpRequestException($"{status} {text}")),
            HttpStatusCode.NotFound when reply.Body.Length > 0 =>
                new ConductorException(status, $"{call.Method} {server}{call.Address} was not found, and the answer is not Conductor's; is this the address of a Conductor server? {text}".TrimEnd()),
            _ => new ConductorException(status, $"{call.Method} {server}{call.Address} answered {status} {reply.Status}. {text}".TrimEnd()),
        };
    }

    /// <summary>Whether the server says that it has no such call at all.</summary>
    public static bool IsNotServed(ConductorException exception) =>
        exception.Status is 405 or 501 || (exception.Status == 404 && exception.Message.StartsWith("No static resource", StringComparison.Ordinal));

    private static ErrorBody? Parse(byte[] body)
    {
        try
        {
            return body.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..] ? ConductorJson.Deserialize<ErrorBody>(body) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record ErrorBody
    {
        public string? Message { get; init; }
        public bool Retryable { get; init; }
        public IReadOnlyList<ValidationError>? ValidationErrors { get; init; }
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
