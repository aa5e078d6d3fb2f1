using Idflow.Conductor;
using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary>
/// <c>/environment</c> and <c>/secrets</c>: what <c>${workflow.env.NAME}</c> and <c>${workflow.secrets.NAME}</c> may name. Both come from the server's own
/// settings and are read-only; the value of a secret is shown to nobody.
/// </summary>
internal sealed class SecretEndpoints(ServerOptions options)
{
    public void Map(RouteTable routes)
    {
        routes.Get("/environment", "The values that workflows may use.", _ => Task.FromResult(Answer.Json(Values()))).Gives<IReadOnlyList<EnvironmentValue>>();
        routes.Get("/environment/{key}", "One of them, as bare text; empty for an unknown name.", call => Task.FromResult(ValueOf(call.Path("key")))).Gives<string>();
        routes.Get("/secrets", "Names of secrets.", _ => Task.FromResult(Names())).Gives<IReadOnlyList<string>>();
        routes.Post("/secrets", "Names of secrets.", _ => Task.FromResult(Names())).Gives<IReadOnlyList<string>>();
        routes.Put("/secrets/{key}", "Refused: secrets are read-only.", _ => throw ReadOnly());
        routes.Delete("/secrets/{key}", "Refused: secrets are read-only.", _ => throw ReadOnly());
        routes.Get("/secrets/{key}", "Refused: values of secrets are not shown.", call => throw Hidden(call.Path("key")));
        routes.Get("/secrets/{key}/exists", "Whether there is such a secret.", call => Task.FromResult(Answer.Json<object>(options.SecretNames.Contains(call.Path("key"))))).Gives<bool>();
    }

    private IReadOnlyList<EnvironmentValue> Values() => [.. options.Environment.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new EnvironmentValue(entry.Key, entry.Value))];

    private Answer ValueOf(string key) => options.Environment.TryGetValue(key, out var value) ? Answer.Text(value) : Answer.Empty;

    private Answer Names() => Answer.Json<IReadOnlyList<string>>([.. options.SecretNames.Order(StringComparer.Ordinal)]);

    private ConductorException Hidden(string key) => options.SecretNames.Contains(key)
        ? new ConductorException(403, $"The value of the secret {key} is not shown")
        : ConductorException.NotFound($"No secret {key}");

    private static ConductorException ReadOnly() => new(501, "Secrets come from the server's environment and are read-only");

    internal sealed record EnvironmentValue(string Name, string Value);
}
