using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Idflow.Conductor.Tests.Rest;

/// <summary>What a client sent.</summary>
public sealed record SentRequest(string Method, string Path, string Query, string? ContentType, string Body, string? Authorization);

/// <summary>What the server answers.</summary>
public sealed record CannedAnswer(int Status, string? ContentType = null, string Body = "");

/// <summary>A real HTTP server on a free loopback port that answers what it is told to and remembers what it was sent.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackServer(WebApplication app) => _app = app;

    public List<SentRequest> Requests { get; } = [];

    public string Url => _app.Urls.Single();

    public static async Task<LoopbackServer> StartAsync(Func<SentRequest, CannedAnswer> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new LoopbackServer(app);
        app.Run(async context =>
        {
            var sent = await ReadAsync(context.Request);
            server.Requests.Add(sent);
            var canned = answer(sent);
            context.Response.StatusCode = canned.Status;
            context.Response.ContentType = canned.ContentType;
            if (canned.Body.Length > 0)
            {
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(canned.Body));
            }
        });
        await app.StartAsync();
        return server;
    }

    private static async Task<SentRequest> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var target = request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget.Split('?');
        return new SentRequest(request.Method, target[0], target.Length > 1 ? target[1] : "", request.ContentType, await reader.ReadToEndAsync(), request.Headers.Authorization);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
