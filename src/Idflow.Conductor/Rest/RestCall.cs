using System.Text;

namespace Idflow.Conductor.Rest;

/// <summary>One request, built so that it can be sent more than once.</summary>
internal sealed class RestCall
{
    private readonly StringBuilder _address;
    private char _separator = '?';

    private RestCall(HttpMethod method, FormattableString path)
    {
        Method = method;
        // Every inserted value is one path segment, whatever characters it has.
        var values = path.GetArguments().Select(value => (object)Uri.EscapeDataString(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!));
        _address = new StringBuilder(string.Format(System.Globalization.CultureInfo.InvariantCulture, path.Format, values.ToArray()));
    }

    public HttpMethod Method { get; }

    public byte[]? Body { get; private set; }

    public string ContentType { get; private set; } = "application/json";

    /// <summary>True: sent twice it does what it does once, and nobody loses anything.</summary>
    public bool Repeatable { get; private set; }

    /// <summary>On top of the usual time limit.</summary>
    public TimeSpan ExtraTime { get; private set; }

    public string Address => _address.ToString();

    public static RestCall Get(FormattableString path) => new(HttpMethod.Get, path) { Repeatable = true };

    /// <summary>A whole address of the same server.</summary>
    public static RestCall GetAddress(Uri address)
    {
        var call = new RestCall(HttpMethod.Get, $"") { Repeatable = true };
        call._address.Append(address.AbsoluteUri);
        return call;
    }

    /// <summary>A poll takes tasks: an answer that is lost must not be asked for again as if nothing had happened.</summary>
    public static RestCall Poll(FormattableString path, TimeSpan wait) => new(HttpMethod.Get, path) { ExtraTime = wait };

    public static RestCall Post(FormattableString path) => new(HttpMethod.Post, path);

    public static RestCall Put(FormattableString path) => new(HttpMethod.Put, path);

    public static RestCall Delete(FormattableString path) => new(HttpMethod.Delete, path);

    /// <summary>Adds a query value; null is left out.</summary>
    public RestCall With(string name, object? value)
    {
        var text = value switch
        {
            null => null,
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture),
        };
        if (text is not null)
        {
            _address.Append(_separator).Append(name).Append('=').Append(Uri.EscapeDataString(text));
            _separator = '&';
        }

        return this;
    }

    public RestCall WithJson<T>(T value)
    {
        Body = Json.ConductorJson.SerializeToUtf8Bytes(value);
        return this;
    }

    public RestCall WithText(string text)
    {
        Body = Encoding.UTF8.GetBytes(text);
        ContentType = "text/plain";
        return this;
    }
}
