namespace Idflow.Server.Http;

/// <summary>Every endpoint the server has; the router and the OpenAPI document are made from it.</summary>
internal sealed class RouteTable
{
    private readonly List<Route> _routes = [];

    public IReadOnlyList<Route> Routes => _routes;

    public Route Get(string path, string summary, Handler handler) => Add("GET", "/api" + path, summary, handler);

    public Route Post(string path, string summary, Handler handler) => Add("POST", "/api" + path, summary, handler);

    public Route Put(string path, string summary, Handler handler) => Add("PUT", "/api" + path, summary, handler);

    public Route Delete(string path, string summary, Handler handler) => Add("DELETE", "/api" + path, summary, handler);

    /// <summary>A path at the server's root, outside <c>/api</c>.</summary>
    public Route GetRoot(string path, string summary, Handler handler) => Add("GET", path, summary, handler);

    private Route Add(string method, string path, string summary, Handler handler)
    {
        var route = new Route(method, path, summary, handler);
        _routes.Add(route);
        return route;
    }
}
