namespace Idflow.Workers.Polling;

/// <summary>Checks a host's options once, all problems together.</summary>
internal static class OptionsCheck
{
    public static void Check(WorkerHostOptions options)
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(options.WorkerId))
        {
            problems.Add("WorkerId is empty.");
        }

        Range(problems, nameof(options.LongPoll), options.LongPoll, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Range(problems, nameof(options.PollInterval), options.PollInterval ?? TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        Range(problems, nameof(options.LongestBackoff), options.LongestBackoff, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        Range(problems, nameof(options.DrainTimeout), options.DrainTimeout, TimeSpan.Zero, TimeSpan.FromDays(1));
        Range(problems, nameof(options.CancelGrace), options.CancelGrace, TimeSpan.Zero, TimeSpan.FromHours(1));
        Range(problems, nameof(options.CancelCheckInterval), options.CancelCheckInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        Range(problems, nameof(options.LongestRetryAfter), options.LongestRetryAfter, TimeSpan.Zero, TimeSpan.FromDays(1));
        if (options.LeaseShare is not (> 0 and < 1))
        {
            problems.Add($"LeaseShare is {options.LeaseShare}; it must lie between 0 and 1.");
        }

        foreach (var (name, settings) in options.Tasks)
        {
            if (settings.Concurrency is < 1 or > 10_000)
            {
                problems.Add($"The concurrency of task '{name}' is {settings.Concurrency}; it must be 1 to 10000.");
            }

            Range(problems, $"The poll interval of task '{name}'", settings.PollInterval ?? TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        }

        if (problems.Count > 0)
        {
            throw new WorkerException(string.Join(" ", problems));
        }
    }

    private static void Range(List<string> problems, string name, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            problems.Add($"{name} is {value}; it must be {least} to {most}.");
        }
    }
}
