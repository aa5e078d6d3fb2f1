using System.Net.Http.Headers;

namespace Idflow.Conductor.Rest;

/// <summary>A fixed token, sent as <c>Authorization: Bearer</c>.</summary>
public sealed class BearerToken(string token) : IConductorCredentials
{
    public ValueTask AuthorizeAsync(HttpRequestMessage request, bool renew, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return ValueTask.CompletedTask;
    }
}
