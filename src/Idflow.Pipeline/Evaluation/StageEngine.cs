using Idflow.Conductor;
using Idflow.Pipeline.Resources;

namespace Idflow.Pipeline.Evaluation;

/// <summary>The engine that runs the workflows of stages, and what brings the project's definitions to it.</summary>
public sealed record StageEngine(IConductor Conductor, DefinitionRegistrar Registrar);

/// <summary>Opens the engine when a stage first needs it.</summary>
/// <exception cref="ConductorUnavailableException">It is away; starts are kept and sent later.</exception>
public delegate ValueTask<StageEngine> OpenStageEngine(CancellationToken cancellationToken);
