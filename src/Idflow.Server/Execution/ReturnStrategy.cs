namespace Idflow.Server.Execution;

/// <summary>What a synchronous call answers: a workflow or the task that holds it up.</summary>
internal enum ReturnStrategy { TARGET_WORKFLOW, BLOCKING_WORKFLOW, BLOCKING_TASK, BLOCKING_TASK_INPUT }
