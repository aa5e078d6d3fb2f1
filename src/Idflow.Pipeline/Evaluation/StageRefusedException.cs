namespace Idflow.Pipeline.Evaluation;

/// <summary>A stage that was asked for may not start now; the message says why and what would help.</summary>
public sealed class StageRefusedException(string message) : PipelineException(message);
