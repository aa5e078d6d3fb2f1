namespace Idflow.Tasks.Research;

/// <summary>Numbers sources in the order of their first citation.</summary>
internal sealed class CitedSources(IReadOnlyList<SourceText> sources)
{
    private readonly Dictionary<int, int> _numbers = [];

    /// <summary>Positions of the cited sources; the first has number 1.</summary>
    public IReadOnlyList<int> Positions => [.. _numbers.OrderBy(entry => entry.Value).Select(entry => entry.Key)];

    public IReadOnlyList<SourceText> Texts => sources;

    public int NumberOf(int source)
    {
        if (!_numbers.TryGetValue(source, out var number))
        {
            _numbers[source] = number = _numbers.Count + 1;
        }

        return number;
    }

    public bool IsCited(int source) => _numbers.ContainsKey(source);

    public IEnumerable<ReportedSource> Listed() => Positions.Select(source => new ReportedSource(_numbers[source], sources[source].Title, sources[source].Url));
}
