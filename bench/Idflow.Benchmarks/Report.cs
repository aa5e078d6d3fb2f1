using System.Diagnostics;

namespace Idflow.Benchmarks;

/// <summary>Measures and prints one line per measurement: what, the median, the best, and the target where there is one.</summary>
internal sealed class Report(TextWriter writer)
{
    public bool AllTargetsMet { get; private set; } = true;

    public void Heading(string text) => writer.WriteLine($"\n{text}");

    public void Note(string text) => writer.WriteLine($"  {text}");

    /// <summary>Runs the work several times and reports milliseconds, and those of all cores together: on a busy machine they tell more.</summary>
    public async Task MeasureAsync(string what, int runs, double? targetMilliseconds, Func<Task> work)
    {
        var times = new List<double>();
        var processor = new List<double>();
        for (var i = 0; i < runs; i++)
        {
            var before = Environment.CpuUsage.TotalTime;
            var clock = Stopwatch.StartNew();
            await work();
            times.Add(clock.Elapsed.TotalMilliseconds);
            processor.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        }

        times.Sort();
        processor.Sort();
        Value(what, times[runs / 2], "ms", targetMilliseconds, $"best {times[0]:0.0}, worst {times[^1]:0.0}, {runs} runs, processor {processor[runs / 2]:0.0} ms");
    }

    /// <summary>Reports a number that must not be above its target.</summary>
    public void Value(string what, double value, string unit, double? target, string detail = "") => Write(what, value, unit, target, !(value > target), detail);

    /// <summary>Reports a number that must not be below its target.</summary>
    public void AtLeast(string what, double value, string unit, double? target, string detail = "") => Write(what, value, unit, target, !(value < target), detail);

    private void Write(string what, double value, string unit, double? target, bool isMet, string detail)
    {
        var verdict = target is null ? "" : $"target {target:0.#} {unit}: {(isMet ? "met" : "MISSED")}";
        AllTargetsMet &= isMet;
        writer.WriteLine($"  {what,-44} {value,10:0.0} {unit,-4} {verdict,-24} {detail}");
    }
}
