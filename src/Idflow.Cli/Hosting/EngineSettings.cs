using Idflow.Engine;
using Idflow.Pipeline.Config;
using Idflow.Server;

namespace Idflow.Cli.Hosting;

/// <summary>
/// The embedded engine and its server as a project configures them. Secrets and values for workflows come from environment variables with
/// Conductor's own prefixes, and from the configuration, which wins.
/// </summary>
internal static class EngineSettings
{
    private const string SecretPrefix = "CONDUCTOR_SECRET_";
    private const string ValuePrefix = "CONDUCTOR_ENV_";

    public static EngineOptions Engine(ProjectSession project, string directory)
    {
        var (config, environment) = (project.Config.Engine, project.Context.Environment);
        return new EngineOptions
        {
            Directory = directory,
            TimeProvider = environment.TimeProvider,
            Loggers = project.Loggers,
            Secrets = name => Secret(config, environment, name),
            Environment = name => Value(config, environment, name),
            Limits = EngineLimitSettings.Of(config.Limits),
            Retention = new EngineRetention
            {
                Workflows = config.RetentionDays is { } days ? TimeSpan.FromDays(days) : null,
                ArchiveDirectory = config.ArchiveDirectory,
                EventExecutions = TimeSpan.FromDays(config.EventDays),
                ScheduleExecutions = config.ScheduleRuns,
                Interval = TimeSpan.FromMinutes(config.SweepMinutes),
                Batch = config.SweepBatch,
            },
        };
    }

    public static ServerOptions Server(ProjectSession project)
    {
        var (engine, server, environment) = (project.Config.Engine, project.Config.Server, project.Context.Environment);
        var defaults = new ServerOptions();
        return defaults with
        {
            MaxRequestBodyBytes = server.MaxBodyMegabytes is { } megabytes ? megabytes * 1024L * 1024L : defaults.MaxRequestBodyBytes,
            MaxLargeBodies = server.MaxLargeBodies ?? defaults.MaxLargeBodies,
            MaxConnections = server.MaxConnections ?? defaults.MaxConnections,
            MaxPolls = server.MaxPolls ?? defaults.MaxPolls,
            MaxPollsPerClient = server.MaxPollsPerClient ?? defaults.MaxPollsPerClient,
            MaxRequestDepth = server.MaxRequestDepth ?? defaults.MaxRequestDepth,
            DrainTimeout = server.DrainTimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : defaults.DrainTimeout,
            SecretNames = Names(engine.Secrets.Keys, environment, SecretPrefix),
            Environment = Names(engine.Environment.Keys, environment, ValuePrefix).ToDictionary(name => name, name => Value(engine, environment, name) ?? ""),
        };
    }

    private static string? Secret(EngineConfig config, CliEnvironment environment, string name) =>
        environment.Variable(config.Secrets.GetValueOrDefault(name) ?? SecretPrefix + name);

    private static string? Value(EngineConfig config, CliEnvironment environment, string name) =>
        config.Environment.GetValueOrDefault(name) ?? environment.Variable(ValuePrefix + name);

    private static List<string> Names(IEnumerable<string> configured, CliEnvironment environment, string prefix) =>
        [.. configured.Union(environment.VariableNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..])).Order(StringComparer.Ordinal)];
}
