using System.Reflection;
using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary>Health, version, and what SDKs and the web UI ask of any Conductor.</summary>
internal static class SystemEndpoints
{
    private const string Page = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="UTF-8"><title>idflow</title></head>
        <body><h1>idflow</h1><p>This is a workflow engine with Conductor's REST API under <code>/api</code>.
        Its description is at <a href="/api-docs">/api-docs</a>, its health at <a href="/health">/health</a>.</p></body></html>
        """;

    /// <summary>The web UI reads its feature flags from here: those of abilities that this server lacks are off.</summary>
    private const string UiContext = """
        window.conductor = {
          ACCESS_MANAGEMENT: "false", INTEGRATIONS: "false", SECRETS: "false", HUMAN_TASK: "false", WEBHOOKS: "false",
          AI_PROMPTS: "false", REMOTE_SERVICES: "false", SCHEDULER: "true", TASK_INDEXING: "true"
        };
        """;

    public static string Version { get; } =
        typeof(SystemEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void Map(RouteTable routes)
    {
        routes.GetRoot("/", "What this is.", _ => Task.FromResult(Answer.Text(Page, "text/html;charset=UTF-8"))).Gives<string>();
        routes.GetRoot("/health", "Whether the server serves.", _ => Task.FromResult(Healthy())).Gives<Health>();
        routes.GetRoot("/context.js", "Feature flags of the web UI.", _ => Task.FromResult(Answer.Text(UiContext, "application/javascript"))).Gives<string>();
        routes.Get("/health", "Whether the server serves.", _ => Task.FromResult(Healthy())).Gives<Health>();
        routes.Get("/version", "The server's version.", _ => Task.FromResult(Answer.Text(Version))).Gives<string>();
    }

    private static Answer Healthy() => Answer.Json(new Health([], [], true));

    internal sealed record Health(IReadOnlyList<string> HealthResults, IReadOnlyList<string> SuppressedHealthResults, bool Healthy);
}
