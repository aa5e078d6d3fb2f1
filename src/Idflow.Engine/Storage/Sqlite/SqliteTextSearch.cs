using System.Collections.Concurrent;
using System.Globalization;
using Idflow.Engine.Storage.Payloads;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>
/// A search with free text, looked for row by row among those that the conditions leave, in the columns of text and in the payloads. A large
/// table is read in parts, side by side.
/// </summary>
/// <param name="use">Lends a reading connection of its own to each call.</param>
/// <param name="fewHits">Hits up to which the page is sorted from them alone.</param>
internal sealed class SqliteTextSearch(SqliteTextSearch.Lend use, SearchTable table, SearchCriteria criteria, PayloadFiles files, int fewHits = 20_000)
{
    /// <summary>Rows of a part.</summary>
    private const long PartRows = 50_000;

    private readonly SearchSql _sql = new(table, criteria);
    private readonly TextNeedle _needle = new(criteria.FreeText!);

    internal delegate void Lend(Action<Database> use);

    public SearchPage Run()
    {
        long rows = 0;
        use(database => rows = database.Sql($"SELECT ifnull(max(seq), 0) FROM {table.Name}").First(row => row.Number(0)));
        var hits = Hits(rows);
        IReadOnlyList<string> page = [];
        if (criteria.Size > 0 && criteria.Start < hits.Count)
        {
            use(database => page = hits.Count <= fewHits ? SortedPage(database, hits) : OrderedPage(database, hits.ToHashSet()));
        }

        return new(hits.Count, page);
    }

    private List<long> Hits(long rows)
    {
        var parts = new ConcurrentQueue<(long From, long To)>();
        for (long from = 0; from <= rows; from += PartRows)
        {
            parts.Enqueue((from, from + PartRows - 1));
        }

        var found = new ConcurrentBag<List<long>>();
        var scans = (int)Math.Min(parts.Count, Math.Clamp(Environment.ProcessorCount, 1, 4));
        Task.WhenAll(Enumerable.Range(0, scans).Select(_ => Task.Run(() => use(database =>
        {
            while (parts.TryDequeue(out var part))
            {
                found.Add(Scan(database, part.From, part.To));
            }
        })))).GetAwaiter().GetResult();
        return [.. found.SelectMany(list => list)];
    }

    private List<long> Scan(Database database, long from, long to)
    {
        var columns = table.TextColumns.Count;
        var sql = $"""
            SELECT t.seq, {string.Join(", ", table.TextColumns)},
              coalesce(t.input, (SELECT data FROM {table.Payloads} WHERE owner = t.seq AND part = 1)),
              coalesce(t.output, (SELECT data FROM {table.Payloads} WHERE owner = t.seq AND part = 2))
            FROM {table.Name} t{_sql.Where} AND t.seq BETWEEN ? AND ?
            """;
        var hits = new List<long>();
        _sql.Bound(database, sql).Bind(from).Bind(to).ForEach(row =>
        {
            var holds = Payload(row, columns + 1) || Payload(row, columns + 2);
            for (var i = 1; i <= columns && !holds; i++)
            {
                holds = _needle.IsIn(row.Bytes(i));
            }

            if (holds)
            {
                hits.Add(row.Number(0));
            }

            return true;
        });
        return hits;
    }

    /// <summary>A file that is gone was replaced while this goes on.</summary>
    private bool Payload(Statement row, int column) => _needle.IsIn(row.Bytes(column) is { IsEmpty: false } blob
        && (PayloadReference.NameIn(blob) is { } name ? files.Find(name) : blob) is { IsEmpty: false } stored ? BlobCodec.Decode(stored) : "{}"u8);

    private List<string> SortedPage(Database database, List<long> hits)
    {
        var list = $"[{string.Join(',', hits.Select(seq => seq.ToString(CultureInfo.InvariantCulture)))}]";
        return database.Sql($"SELECT t.id FROM json_each(?) m JOIN {table.Name} t ON t.seq = m.value ORDER BY {_sql.Order} LIMIT ? OFFSET ?")
            .Bind(list).Bind(criteria.Size).Bind(Math.Max(0, criteria.Start)).Rows(row => row.Text(0)!);
    }

    /// <summary>Reads in the wanted order until the page is full.</summary>
    private List<string> OrderedPage(Database database, HashSet<long> hits)
    {
        var passed = 0;
        var page = new List<long>();
        _sql.Bound(database, $"SELECT t.seq FROM {table.Name} t{_sql.Filter} ORDER BY {_sql.Order}").ForEach(row =>
        {
            if (hits.Contains(row.Number(0)) && ++passed > criteria.Start)
            {
                page.Add(row.Number(0));
            }

            return page.Count < criteria.Size;
        });
        return [.. page.Select(seq => database.Sql($"SELECT id FROM {table.Name} WHERE seq = ?").Bind(seq).First(row => row.Text(0))).OfType<string>()];
    }
}
