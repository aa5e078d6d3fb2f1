namespace Idflow.Engine.Storage.Sqlite;

/// <summary>A search without free text: the number of hits, and a page of them.</summary>
internal sealed class SqliteSearch(Database database, SearchTable table, SearchCriteria criteria)
{
    private readonly SearchSql _sql = new(table, criteria);

    public SearchPage Run()
    {
        var total = _sql.Bound(database, $"SELECT count(*) FROM {table.Name} t{_sql.Where}").First(row => row.Number(0));
        if (criteria.Size <= 0 || criteria.Start >= total)
        {
            return new(total, []);
        }

        var ids = _sql.Bound(database, $"SELECT t.id FROM {table.Name} t{(FollowsOrder(total) ? _sql.Filter : _sql.Where)} ORDER BY {_sql.Order} LIMIT ? OFFSET ?")
            .Bind(criteria.Size).Bind(Math.Max(0, criteria.Start)).Rows(row => row.Text(0)!);
        return new(total, ids);
    }

    /// <summary>
    /// Whether to read in the wanted order and leave out what does not match, rather than to sort all hits: that reads about one row in
    /// (rows / hits) for each of the page, the other one row for each hit.
    /// </summary>
    private bool FollowsOrder(long hits)
    {
        var rows = database.Sql($"SELECT ifnull(max(seq), 0) FROM {table.Name}").First(row => row.Number(0));
        return _sql.HasConditions && (double)hits * hits > (double)(criteria.Start + criteria.Size) * rows;
    }
}
