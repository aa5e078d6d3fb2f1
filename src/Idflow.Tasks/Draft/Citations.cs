using Idflow.Tasks.Research;

namespace Idflow.Tasks.Draft;

/// <summary>Numbers the sources of a draft in the order of their first citation.</summary>
internal sealed class Citations(Material material)
{
    private readonly Dictionary<int, int> _numbers = [];

    public int NumberOf(int source)
    {
        if (!_numbers.TryGetValue(source, out var number))
        {
            _numbers[source] = number = _numbers.Count + 1;
        }

        return number;
    }

    public IEnumerable<ReportedSource> Listed() => _numbers.OrderBy(entry => entry.Value).Select(entry => new ReportedSource(entry.Value, material.Sources[entry.Key].Title, material.Sources[entry.Key].Url));

    public IReadOnlyList<DraftSource> All() => [.. material.Sources.Select((source, index) => new DraftSource(
            _numbers.GetValueOrDefault(index), source.Type, source.Title, source.Url, Web.CanonicalUrl.DomainOf(source.Url), source.Relevance, _numbers.ContainsKey(index)))
        .OrderBy(source => source.Id == 0).ThenBy(source => source.Id)];
}
