using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.Engine.Operations;

/// <summary>What a start request must hold.</summary>
internal static class StartChecks
{
    private const string Refused = "Validation failed, check below errors for detail.";

    public static void Check(StartWorkflowRequest request)
    {
        var errors = new List<ValidationError>();
        if (string.IsNullOrEmpty(request.Name) && string.IsNullOrEmpty(request.WorkflowDef?.Name))
        {
            errors.Add(new ValidationError("startWorkflow.arg0.name", "Workflow name cannot be null or empty", request.Name));
        }
        if (request.Priority is < 0 or > 99)
        {
            errors.Add(new ValidationError("startWorkflow.arg0.priority",
                $"priority: {request.Priority} should be {(request.Priority < 0 ? "minimum 0" : "maximum 99")}", $"{request.Priority}"));
        }
        if (errors.Count > 0)
        {
            throw ConductorException.BadRequest(Refused, errors);
        }
        if (request.Input is null)
        {
            throw ConductorException.BadRequest("NULL input passed when starting workflow");
        }
    }
}
