namespace Idflow.Conductor.Rest;

/// <summary>Authorises requests, for example with a token it fetches and keeps.</summary>
public interface IConductorCredentials
{
    /// <param name="request">The request to add headers to.</param>
    /// <param name="renew">True after the server answered 401: what was used last is no longer good.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask AuthorizeAsync(HttpRequestMessage request, bool renew, CancellationToken cancellationToken);
}
