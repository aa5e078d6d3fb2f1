namespace Idflow.Benchmarks.Load;

/// <summary>Times that were measured, in milliseconds.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public int Count => _values.Count;

    public void Add(TimeSpan time) => _values.Add(time.TotalMilliseconds);

    /// <param name="fraction">0.5 for the median.</param>
    public double Quantile(double fraction) => QuantileOf(_values, fraction);

    /// <summary>The median of a part of them, in the order they were measured.</summary>
    public double MedianOf(Range part) => QuantileOf(_values[part], 0.5);

    private static double QuantileOf(List<double> values, double fraction)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)(fraction * sorted.Count))];
    }
}
