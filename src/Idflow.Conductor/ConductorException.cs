namespace Idflow.Conductor;

/// <summary>
/// What a Conductor server answers instead of a result, in process or over HTTP: the same status, message and checks
/// either way. A server that cannot be reached is a <see cref="ConductorUnavailableException"/>.
/// </summary>
public class ConductorException : Exception
{
    public ConductorException(int status, string message, bool retryable = false, IReadOnlyList<ValidationError>? validationErrors = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Status = status;
        Retryable = retryable;
        ValidationErrors = validationErrors ?? [];
    }

    /// <summary>The HTTP status: 400 a refused argument, 404 unknown, 409 the state forbids it, 413, 429, 500.</summary>
    public int Status { get; }

    /// <summary>True where the same call may succeed later.</summary>
    public bool Retryable { get; }

    public IReadOnlyList<ValidationError> ValidationErrors { get; }

    public static ConductorException NotFound(string message) => new(404, message);

    public static ConductorException Conflict(string message) => new(409, message);

    public static ConductorException BadRequest(string message, IReadOnlyList<ValidationError>? errors = null) => new(400, message, false, errors);
}

/// <summary>No server answers at the configured address; the call can be repeated.</summary>
public sealed class ConductorUnavailableException(string address, Exception? innerException = null)
    : ConductorException(503, $"The Conductor server at {address} cannot be reached.", retryable: true, innerException: innerException)
{
    public string Address { get; } = address;
}

/// <summary>One failed check of a request: <c>controllerMethod.argN.field</c>, why, and the value where it is a text or a number.</summary>
public sealed record ValidationError(string Path, string Message, string? InvalidValue = null);
