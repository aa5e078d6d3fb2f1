using System.Globalization;
using Idflow.Pipeline.Sources;

namespace Idflow.Pipeline.Config;

/// <summary>Reads the blocks <c>engine</c> and <c>server</c>.</summary>
internal static class EngineConfigReader
{
    private const string DefaultArchive = ".idflow/archive";

    public static EngineConfig Engine(MapReader top, string root, List<SourceError> errors)
    {
        if (Child(top, "engine", "the embedded engine", errors, "retention", "limits", "secrets", "environment") is not { } engine)
        {
            return new EngineConfig();
        }

        var config = new EngineConfig
        {
            Secrets = Texts(engine, "secrets", "the name of an environment variable", errors),
            Environment = Texts(engine, "environment", "a value", errors),
            Limits = Limits(engine, errors),
        };
        var node = engine.Find("retention");
        if (node is null)
        {
            return config;
        }

        var retention = new MapReader(node, "how long the engine keeps what is over", "engine.retention.", errors, "days", "archive", "event_days", "schedule_runs", "sweep_minutes", "batch");
        var days = retention.Positive("days");
        var archive = Archive(retention, root);
        if (archive is not null && days is null && retention.Find("days") is null)
        {
            retention.Wrong(retention.Find("archive")!, "archive", "needs 'days': after how many days ended workflows go to the archive");
        }

        return config with
        {
            RetentionDays = days,
            ArchiveDirectory = archive,
            EventDays = retention.Positive("event_days") ?? config.EventDays,
            ScheduleRuns = retention.Number("schedule_runs", least: 1) ?? config.ScheduleRuns,
            SweepMinutes = Minutes(retention) ?? config.SweepMinutes,
            SweepBatch = retention.Number("batch", least: 1) ?? config.SweepBatch,
        };
    }

    public static ServerConfig Server(MapReader top, List<SourceError> errors)
    {
        if (Child(top, "server", "the REST API", errors, "max_body_mb", "max_large_bodies", "max_connections", "max_polls", "max_polls_per_client", "max_request_depth", "drain_timeout") is not { } server)
        {
            return new ServerConfig();
        }

        return new ServerConfig
        {
            MaxBodyMegabytes = server.Number("max_body_mb", least: 1),
            MaxLargeBodies = server.Number("max_large_bodies", least: 1),
            MaxConnections = server.Number("max_connections", least: 1),
            MaxPolls = server.Number("max_polls", least: 1),
            MaxPollsPerClient = server.Number("max_polls_per_client", least: 1),
            MaxRequestDepth = Within(server, new EngineLimitKey("max_request_depth", 8, 1000)) is { } depth ? (int)depth : null,
            DrainTimeoutSeconds = Within(server, new EngineLimitKey("drain_timeout", 0.001, 3600, Whole: false)),
        };
    }

    private static Dictionary<string, double> Limits(MapReader engine, List<SourceError> errors)
    {
        if (engine.Find("limits") is not { } node)
        {
            return [];
        }

        var limits = new MapReader(node, "the engine's limits", "engine.limits.", errors, [.. EngineLimitKey.All.Select(key => key.Name)]);
        return EngineLimitKey.All.Select(key => (key.Name, Value: Within(limits, key))).Where(limit => limit.Value is not null).ToDictionary(limit => limit.Name, limit => limit.Value!.Value, StringComparer.Ordinal);
    }

    private static double? Minutes(MapReader retention) => Within(retention, new EngineLimitKey("sweep_minutes", 0.1, 100_000, Whole: false));

    private static double? Within(MapReader reader, EngineLimitKey key)
    {
        if (reader.Find(key.Name) is not { } node)
        {
            return null;
        }

        if (node.Kind == SourceKind.Scalar && double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= key.Least && number <= key.Most && (!key.Whole || Math.Floor(number) == number))
        {
            return number;
        }

        reader.Wrong(node, key.Name, string.Create(CultureInfo.InvariantCulture, $"must be a {(key.Whole ? "whole number" : "number")} from {key.Least:0.###} to {key.Most:0.###}"));
        return null;
    }

    /// <summary>True for the usual folder, or a folder.</summary>
    private static string? Archive(MapReader retention, string root)
    {
        if (retention.Find("archive") is not { } node)
        {
            return null;
        }

        var folder = node.Kind == SourceKind.Scalar && node.ToValue() is bool wanted
            ? wanted ? DefaultArchive : null
            : retention.Text("archive", "true, false or a folder");
        return folder is null ? null : Path.GetFullPath(folder, root);
    }

    private static Dictionary<string, string> Texts(MapReader engine, string key, string what, List<SourceError> errors)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (engine.Find(key) is not { } node)
        {
            return texts;
        }

        string[] names = [.. node.Entries.Select(entry => entry.Key)];
        var reader = new MapReader(node, "names with values", $"engine.{key}.", errors, names);
        foreach (var name in names)
        {
            if (reader.Text(name, what) is { } text)
            {
                texts[name] = text;
            }
        }

        return texts;
    }

    private static MapReader? Child(MapReader top, string key, string what, List<SourceError> errors, params ReadOnlySpan<string> known) =>
        top.Find(key) is { } node ? new MapReader(node, what, key + ".", errors, known) : null;
}
