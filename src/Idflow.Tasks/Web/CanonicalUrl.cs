namespace Idflow.Tasks.Web;

/// <summary>One form for addresses that mean the same page: scheme and host in lower case, no <c>www.</c>, default port, fragment, tracking parameters or trailing slash.</summary>
internal static class CanonicalUrl
{
    private static readonly HashSet<string> Tracking = new(StringComparer.OrdinalIgnoreCase) { "gclid", "fbclid", "msclkid", "mc_cid", "mc_eid", "igshid", "ref_src" };

    /// <summary>The text itself when it is no http address.</summary>
    public static string Of(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return url;
        }

        var host = address.IdnHost.ToLowerInvariant();
        host = host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;
        var query = string.Join('&', address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(pair => pair.Split('=')[0] is var name && !Tracking.Contains(name) && !name.StartsWith("utm_", StringComparison.OrdinalIgnoreCase)));
        return $"https://{host}{(address.IsDefaultPort ? "" : ":" + address.Port)}{address.AbsolutePath.TrimEnd('/')}{(query.Length > 0 ? "?" + query : "")}";
    }

    /// <summary>The host without <c>www.</c>, or what stands before the first slash of a local reference.</summary>
    public static string DomainOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")
        ? (address.IdnHost.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? address.IdnHost[4..] : address.IdnHost).ToLowerInvariant()
        : url.Split('/')[0];
}
