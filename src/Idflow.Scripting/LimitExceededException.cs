namespace Idflow.Scripting;

/// <summary>Ends a script from inside the interpreter. Not an error of JavaScript, so that a script cannot catch it.</summary>
internal sealed class LimitExceededException(ScriptFailure failure, string message) : Exception(message)
{
    public ScriptFailure Failure { get; } = failure;
}
