using Idflow.Pipeline.Sources;

namespace Idflow.Pipeline.Config;

/// <summary>Reads <c>workers</c> of the configuration.</summary>
internal static class WorkersConfigReader
{
    private const double LongestInterval = 3600;

    public static WorkersConfig Read(SourceNode? section, List<SourceError> errors)
    {
        var defaults = new WorkersConfig();
        if (section is null)
        {
            return defaults;
        }

        var workers = new MapReader(section, "the workers", "workers.", errors, "memory_limit_mb", "drain_timeout", "tasks");
        var tasks = new Dictionary<string, WorkerTaskConfig>(StringComparer.Ordinal);
        if (workers.Find("tasks") is { } blocks)
        {
            if (blocks.Kind != SourceKind.Map)
            {
                workers.Wrong(blocks, "tasks", "must be a map of task names, each with a block of settings");
            }

            foreach (var entry in blocks.Entries)
            {
                tasks[entry.Key] = Task(entry, errors);
            }
        }

        return new WorkersConfig
        {
            MemoryLimitMb = workers.Number("memory_limit_mb", 64) ?? defaults.MemoryLimitMb,
            DrainTimeout = Seconds(workers, "drain_timeout", 24 * LongestInterval) ?? defaults.DrainTimeout,
            Tasks = tasks,
        };
    }

    private static WorkerTaskConfig Task(SourceEntry entry, List<SourceError> errors)
    {
        var task = new MapReader(entry.Value, "the settings of a task", $"workers.tasks.{entry.Key}.", errors, "concurrency", "poll_interval", "domain", "paused");
        var concurrency = task.Number("concurrency", 1);
        if (concurrency > 10_000)
        {
            task.Wrong(task.Find("concurrency")!, "concurrency", "must be a whole number from 1 to 10000");
        }

        return new WorkerTaskConfig
        {
            Concurrency = concurrency,
            PollInterval = Seconds(task, "poll_interval", LongestInterval),
            Domain = task.Text("domain", "a domain's name"),
            Paused = task.Flag("paused", false),
        };
    }

    private static TimeSpan? Seconds(MapReader reader, string key, double most)
    {
        if (reader.Positive(key) is not { } seconds)
        {
            return null;
        }

        if (seconds < 0.001 || seconds > most)
        {
            reader.Wrong(reader.Find(key)!, key, $"must be from 0.001 to {most} seconds");
            return null;
        }

        return TimeSpan.FromSeconds(seconds);
    }
}
