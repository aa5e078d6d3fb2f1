using Idflow.Conductor;

namespace Idflow.Engine.Execution;

/// <summary>The change is not on disk; the same call may succeed later (a full disk, a locked file).</summary>
internal sealed class StoreUnavailableException(Exception cause)
    : ConductorException(500, $"The engine's store refused the change: {cause.Message}", retryable: true, innerException: cause);
