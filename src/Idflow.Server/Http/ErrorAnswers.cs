using Idflow.Conductor;
using Idflow.Engine.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Idflow.Server.Http;

/// <summary>Every failure leaves the server in Conductor's shape: refused calls, unknown paths, wrong methods, faults of our own.</summary>
internal sealed partial class ErrorAnswers(ILogger<ErrorAnswers> logger)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested)
        {
            ClientGone(context.Request.Method, context.Request.Path, exception.Message);
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await Of(exception, context).SendAsync(context);
            return;
        }

        if (context.Response.HasStarted || context.Response.ContentLength is not null)
        {
            return;
        }

        if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed && HttpMethods.IsOptions(context.Request.Method))
        {
            await AllowedAsync(context);
        }
        else if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            await ErrorBody.Answer(405, $"Request method '{context.Request.Method}' is not supported").SendAsync(context);
        }
        else if (context.GetEndpoint() is null)
        {
            await ErrorBody.Answer(404, $"No static resource {context.Request.Path.Value?.TrimStart('/')}.").SendAsync(context);
        }
    }

    /// <summary>OPTIONS tells the methods of a path, which the router has listed. Pages of other origins are given no leave to call them.</summary>
    private static Task AllowedAsync(HttpContext context)
    {
        var methods = context.Response.Headers.Allow.SelectMany(list => (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        context.Response.Headers.Allow = string.Join(',', methods.Append(HttpMethods.Options).Distinct());
        return Answer.Empty.SendAsync(context);
    }

    private Answer Of(Exception exception, HttpContext context)
    {
        switch (exception)
        {
            case ConductorException refused:
                return ErrorBody.Answer(refused);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } tooLarge:
                return ErrorBody.Answer(413, $"The request body is too large: {tooLarge.Message}");
            case BadHttpRequestException unreadable:
                return ErrorBody.Answer(unreadable.StatusCode, unreadable.Message);
            case EngineStoreException { IsPassing: true } unreadable:
                Fault(context.Request.Method, context.Request.Path, exception);
                return ErrorBody.Answer(new ConductorException(500, unreadable.Message, retryable: true));
            default:
                Fault(context.Request.Method, context.Request.Path, exception);
                return ErrorBody.Answer(500, $"The server failed: {exception.Message}");
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Client gone during {Method} {Path}: {Reason}")]
    private partial void ClientGone(string method, string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void Fault(string method, string path, Exception exception);
}
