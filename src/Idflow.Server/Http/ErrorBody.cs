using Idflow.Conductor;

namespace Idflow.Server.Http;

/// <summary>Conductor's error body; <see cref="Instance"/> is absent on field-check errors.</summary>
internal sealed record ErrorBody(int Status, string Message, string? Instance, bool Retryable, IReadOnlyList<ValidationError>? ValidationErrors)
{
    public static Answer Answer(ConductorException exception) => Http.Answer.Json(
        exception.ValidationErrors.Count > 0
            ? new ErrorBody(exception.Status, exception.Message, null, exception.Retryable, exception.ValidationErrors)
            : new ErrorBody(exception.Status, exception.Message, Environment.MachineName, exception.Retryable, null),
        exception.Status);

    public static Answer Answer(int status, string message, bool retryable = false) => Answer(new ConductorException(status, message, retryable));
}
