using Idflow.Conductor.Model;
using Idflow.Engine.Expressions;
using Idflow.Engine.Jq;
using Idflow.Engine.State;
using Idflow.Scripting;

namespace Idflow.Engine.Decisions;

/// <summary>What a decision may use besides the state: the time, ids, and functions without effects. No decision has anything else.</summary>
internal sealed class DecisionContext(DecisionServices services, long now)
{
    /// <summary>Epoch milliseconds.</summary>
    public long Now { get; } = now;

    public DecisionServices Services { get; } = services;

    public IIdSource Ids => Services.Ids;

    /// <summary>Workflows that come to be with this change: nobody else knows them yet.</summary>
    public List<WorkflowState> Created { get; } = [];

    /// <summary>Another workflow as it is now; null for an unknown id.</summary>
    public WorkflowRow? FindWorkflow(string workflowId) => Created.Find(created => created.Id == workflowId)?.Row ?? Services.Workflows(workflowId);
}

/// <summary>The functions that decisions call.</summary>
internal sealed record DecisionServices
{
    public required IIdSource Ids { get; init; }
    public required IExpressionEvaluator Expressions { get; init; }
    public required IScriptEvaluator Scripts { get; init; }
    public required IJqEvaluator Jq { get; init; }
    public required IDefinitions Definitions { get; init; }
    public required IDomainActivity Domains { get; init; }

    /// <summary>Workflows that were there before this change.</summary>
    public Func<string, WorkflowRow?> Workflows { get; init; } = static _ => null;
    public EngineLimits Limits { get; init; } = new();

    /// <summary>Values of <c>${workflow.secrets.NAME}</c>: filled in for a script, never kept in an input.</summary>
    public Func<string, string?> Secrets { get; init; } = static _ => null;
}

/// <summary>Registered definitions, as decisions look them up.</summary>
internal interface IDefinitions
{
    TaskDef? FindTask(string name);

    /// <summary>The highest version when none is given.</summary>
    WorkflowDef? FindWorkflow(string name, int? version);
}

/// <summary>Which worker domains are alive.</summary>
internal interface IDomainActivity
{
    /// <summary>A worker of that domain asked for the type within the last ten seconds.</summary>
    bool IsActive(string taskType, string domain, long now);
}
