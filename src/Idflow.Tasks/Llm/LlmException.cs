using Idflow.Workers;

namespace Idflow.Tasks.Llm;

/// <summary>Why an end point gave no answer.</summary>
internal enum LlmFailure { Authentication, Permission, UnknownModel, BadRequest, ContextWindow, ContentPolicy, Quota, RateLimit, Overload, Timeout, Connection, Offline, EmptyAnswer, BadAnswer }

/// <summary>A call of a language model failed; the class decides whether a retry or another model can help.</summary>
internal sealed class LlmException(LlmFailure failure, string message, TimeSpan? retryAfter = null, Exception? innerException = null) : Exception(message, innerException)
{
    public LlmFailure Failure { get; } = failure;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    public bool Retryable => Failure is LlmFailure.RateLimit or LlmFailure.Overload or LlmFailure.Timeout or LlmFailure.Connection or LlmFailure.BadAnswer;

    /// <summary>Another model may do better: it is not overloaded, or has a larger context.</summary>
    public bool AllowsFallback => Failure is LlmFailure.RateLimit or LlmFailure.Overload or LlmFailure.Timeout or LlmFailure.Connection or LlmFailure.ContextWindow;

    public TaskFailedException ToTaskFailure() => new(Message, Retryable, RetryAfter, this);
}
