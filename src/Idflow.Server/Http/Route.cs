namespace Idflow.Server.Http;

internal delegate Task<Answer> Handler(ApiCall call);

/// <summary>One endpoint, with what the OpenAPI document says of it.</summary>
internal sealed class Route(string method, string path, string summary, Handler handler)
{
    public string Method => method;
    public string Path => path;
    public string Summary => summary;
    public Handler Handler => handler;

    public List<QueryParameter> Parameters { get; } = [];
    public Type? Body { get; private set; }
    public Type? Result { get; private set; }

    /// <summary>Text query parameters.</summary>
    public Route Query(params string[] names)
    {
        Parameters.AddRange(names.Select(name => new QueryParameter(name, "string")));
        return this;
    }

    public Route QueryInt(params string[] names)
    {
        Parameters.AddRange(names.Select(name => new QueryParameter(name, "integer")));
        return this;
    }

    public Route QueryFlag(params string[] names)
    {
        Parameters.AddRange(names.Select(name => new QueryParameter(name, "boolean")));
        return this;
    }

    public Route Takes<T>()
    {
        Body = typeof(T);
        return this;
    }

    /// <summary>The type of the answer; <see cref="string"/> = bare text.</summary>
    public Route Gives<T>()
    {
        Result = typeof(T);
        return this;
    }
}

internal sealed record QueryParameter(string Name, string Type);
