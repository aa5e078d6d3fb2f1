using Idflow.Pipeline.Config;
using Idflow.Pipeline.Sources;
using Idflow.Pipeline.Stages;
using Idflow.Scripting;

namespace Idflow.Pipeline.Resources;

/// <summary>The resources of a project, each kind read when first asked for, stages and workflows again after <see cref="Reload"/>.</summary>
public sealed class ProjectResources
{
    private readonly Lazy<VendorCatalog> _vendors;
    private readonly Lazy<ResourceOverlay> _overlay;
    private readonly IScriptEvaluator? _scripts;
    private volatile Lazy<StageCatalog> _stages;
    private volatile Lazy<WorkflowCatalog> _workflows;

    /// <param name="config">The project.</param>
    /// <param name="scripts">Checks the syntax of <c>when</c> in stage definitions; null leaves that to their evaluation.</param>
    public ProjectResources(ProjectConfig config, IScriptEvaluator? scripts)
    {
        Config = config;
        _scripts = scripts;
        _vendors = new(() => VendorCatalog.Load(config));
        _overlay = new(() => ResourceOverlay.Of(config, Vendors.Vendors));
        _stages = ReadStages();
        _workflows = ReadWorkflows();
    }

    public ProjectConfig Config { get; }

    public VendorCatalog Vendors => _vendors.Value;

    public ResourceOverlay Overlay => _overlay.Value;

    public StageCatalog Stages => _stages.Value;

    public WorkflowCatalog Workflows => _workflows.Value;

    /// <summary>Reads stages and workflows anew when they are next asked for.</summary>
    public void Reload()
    {
        _stages = ReadStages();
        _workflows = ReadWorkflows();
    }

    /// <summary>
    /// Every broken vendor, stage and workflow file, and stages that name a workflow which the project does not have (a warning:
    /// a server may have it).
    /// </summary>
    public IEnumerable<SourceError> Problems() => Vendors.Errors
        .Concat(Vendors.Vendors.Where(vendor => vendor is { Enabled: true, IsAvailable: false }).Select(Unavailable))
        .Concat(Stages.Errors)
        .Concat(Workflows.Errors)
        .Concat(Stages.Stages.SelectMany(MissingWorkflows));

    private Lazy<StageCatalog> ReadStages() => new(() => StageCatalog.Load(Overlay.StageFiles(), _scripts));

    private Lazy<WorkflowCatalog> ReadWorkflows() => new(() => WorkflowCatalog.Load(Overlay));

    private static SourceError Unavailable(Vendor vendor) => new(vendor.Location, 0, 0, vendor.Source == VendorSource.Git
        ? $"The vendor '{vendor.Name}' has not been fetched; fetch it with: idflow vendor fetch {vendor.Name}"
        : $"The folder {vendor.Folder} of the vendor '{vendor.Name}' does not exist.")
    { IsWarning = true };

    private IEnumerable<SourceError> MissingWorkflows(StageDefinition stage) => stage.Workflows
        .Where(workflow => Workflows.Find(workflow.Name, workflow.Version) is null)
        .Select(workflow => new SourceError(stage.Sources[0].Path, 0, 0, $"Stage '{stage.Name}' runs the workflow '{workflow.Name}'{(workflow.Version is { } version ? $" version {version}" : "")}, which the project does not have. {Workflows.Suggest(workflow.Name)}") { IsWarning = true });
}
