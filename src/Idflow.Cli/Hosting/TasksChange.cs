using Idflow.Workers.Sources;

namespace Idflow.Cli.Hosting;

/// <summary>What became of the task sources after they changed.</summary>
/// <param name="Serving">Sources whose new state is served now.</param>
/// <param name="Broken">Sources that cannot be used any more; their last good state goes on.</param>
/// <param name="Refused">Definitions that the engine refused.</param>
internal sealed record TasksChange(IReadOnlyList<string> Serving, IReadOnlyList<TaskSourceException> Broken, IReadOnlyList<string> Refused);
