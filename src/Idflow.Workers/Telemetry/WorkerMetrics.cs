using System.Diagnostics.Metrics;

namespace Idflow.Workers.Telemetry;

/// <summary>
/// Counters and histograms of the worker room, under the names that Conductor's SDKs use. All carry the label
/// <c>taskType</c>; times also <c>status</c> (SUCCESS or FAILURE). Times are seconds.
/// </summary>
internal static class WorkerMetrics
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string SourceName = "Idflow.Workers";

    private static readonly Meter Meter = new(SourceName);
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10] };
    private static readonly InstrumentAdvice<long> Bytes = new() { HistogramBucketBoundaries = [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000] };

    public static Counter<long> Polls { get; } = Meter.CreateCounter<long>("task_poll_total");

    public static Counter<long> PollErrors { get; } = Meter.CreateCounter<long>("task_poll_error_total");

    public static Counter<long> Started { get; } = Meter.CreateCounter<long>("task_execution_started_total");

    public static Counter<long> ExecuteErrors { get; } = Meter.CreateCounter<long>("task_execute_error_total");

    public static Counter<long> UpdateErrors { get; } = Meter.CreateCounter<long>("task_update_error_total");

    public static Counter<long> QueueFull { get; } = Meter.CreateCounter<long>("task_execution_queue_full_total");

    public static Counter<long> Paused { get; } = Meter.CreateCounter<long>("task_paused_total");

    public static Counter<long> Uncaught { get; } = Meter.CreateCounter<long>("thread_uncaught_exceptions_total");

    public static Counter<long> Restarts { get; } = Meter.CreateCounter<long>("worker_restart_total");

    public static UpDownCounter<long> Active { get; } = Meter.CreateUpDownCounter<long>("active_workers");

    public static Histogram<double> PollTime { get; } = Meter.CreateHistogram("task_poll_time_seconds", "s", null, null, Seconds);

    public static Histogram<double> ExecuteTime { get; } = Meter.CreateHistogram("task_execute_time_seconds", "s", null, null, Seconds);

    public static Histogram<double> UpdateTime { get; } = Meter.CreateHistogram("task_update_time_seconds", "s", null, null, Seconds);

    public static Histogram<long> ResultSize { get; } = Meter.CreateHistogram("task_result_size_bytes", "By", null, null, Bytes);

    public static void Count(this Counter<long> counter, string taskType) => counter.Add(1, new KeyValuePair<string, object?>("taskType", taskType));

    public static void Record(this Histogram<double> histogram, string taskType, TimeSpan elapsed, bool success) =>
        histogram.Record(elapsed.TotalSeconds, new("taskType", taskType), new("status", success ? "SUCCESS" : "FAILURE"));
}
