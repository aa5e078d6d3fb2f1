using System.Text;
using Microsoft.AspNetCore.Http;

namespace Idflow.Server.Http;

/// <summary>An HTTP answer, ready to send. SDKs depend on each detail: ids are bare text, empty answers carry no content type.</summary>
internal readonly record struct Answer(int Status, string? ContentType, ReadOnlyMemory<byte> Body)
{
    public const string TextType = "text/plain;charset=UTF-8";
    public const string JsonType = "application/json";

    /// <summary>200 without a body.</summary>
    public static readonly Answer Empty = new(StatusCodes.Status200OK, null, default);

    /// <summary>204.</summary>
    public static readonly Answer NoContent = new(StatusCodes.Status204NoContent, null, default);

    public static Answer Json<T>(T value, int status = StatusCodes.Status200OK) =>
        new(status, JsonType, AnswerJson.Of(value));

    /// <summary>A bare id, number or flag.</summary>
    public static Answer Text(string text, string contentType = TextType) => new(StatusCodes.Status200OK, contentType, Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        if (Status != StatusCodes.Status204NoContent)
        {
            response.ContentLength = Body.Length;
        }

        if (!Body.IsEmpty && !HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(Body, context.RequestAborted);
        }
    }
}
