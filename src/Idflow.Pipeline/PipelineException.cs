using Idflow.Pipeline.Sources;

namespace Idflow.Pipeline;

/// <summary>Something about the project, its stages or its workflows that a person can mend; the message says what, where and how.</summary>
public class PipelineException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>A stage, workflow, vendor or task is asked for by a name that nothing has.</summary>
public sealed class UnknownNameException(string message) : PipelineException(message);

/// <summary>Files of the project that cannot be read as what they should be: every error with its place.</summary>
public sealed class DefinitionException(IReadOnlyList<SourceError> errors)
    : PipelineException(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<SourceError> Errors { get; } = errors;
}
