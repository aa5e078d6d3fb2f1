using System.Net.Http.Headers;

namespace Idflow.Conductor.Rest;

/// <summary>A fixed token, sent as <c>Authorization: Bearer</c>.</summary>
public sealed class BearerToken(string token) : IConductorCredentials
{
    /// <summary>The token that an environment variable holds; null when there is none.</summary>
    public static BearerToken? From(string? variable, Func<string, string?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return variable is not null && read(variable) is { Length: > 0 } token ? new BearerToken(token) : null;
    }

    public ValueTask AuthorizeAsync(HttpRequestMessage request, bool renew, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return ValueTask.CompletedTask;
    }
}
