using CsCheck;
using Idflow.Documents.Model;
using Idflow.Documents.Query;
using static Idflow.Documents.Tests.Query.Documents;

namespace Idflow.Documents.Tests.Query;

public sealed class DocumentSelectionTests
{
    [Fact]
    public void Sorts_by_kind_and_puts_missing_last_in_both_directions()
    {
        var documents = new (string Id, object? Value)[]
        {
            ("text", "b"), ("upper", "B"), ("missing", null), ("ten", "10"), ("nine", 9L), ("half", 0.5), ("date", new DateOnly(2026, 1, 1)),
            ("datetext", "2025-12-31"), ("version", "1.10.0"), ("older", "1.9.0"), ("flag", true), ("list", List("a", "z")),
        }.Select(entry => Summary(entry.Id, properties: Map(("k", entry.Value)))).ToList();

        Assert.Equal(
            ["flag", "half", "nine", "ten", "older", "version", "datetext", "date", "upper", "list", "text", "missing"],
            Ids(documents, new DocumentQuery { Sort = ["k"] }));
        Assert.Equal(
            ["text", "list", "upper", "date", "datetext", "version", "older", "ten", "nine", "half", "flag", "missing"],
            Ids(documents, new DocumentQuery { Sort = ["-k"] }));
    }

    [Fact]
    public void Default_order_is_status_as_in_the_pipeline_then_id()
    {
        var documents = new[] { Summary("b", DocumentStatus.Archived), Summary("c", DocumentStatus.Inbox), Summary("a", DocumentStatus.Done), Summary("a2", DocumentStatus.Inbox) };

        Assert.Equal(["a2", "c", "a", "b"], Ids(documents, new DocumentQuery()));
        Assert.Equal(["b", "a", "a2", "c"], Ids(documents, new DocumentQuery { Sort = ["-status"] }));
    }

    [Fact]
    public void All_filters_must_hold_and_the_total_counts_beyond_the_limit()
    {
        var documents = Enumerable.Range(0, 10).Select(i => Summary($"d{i}", properties: Map(("n", (long)i)))).ToList();
        var selection = DocumentSelection.Parse(new DocumentQuery { Filters = ["n=>2", "n=!5"], Sort = ["-n"], Limit = 2 });

        var (found, total) = selection.Apply(documents);

        Assert.Equal(["d9", "d8"], found.Select(document => document.Id));
        Assert.Equal(6, total);
        Assert.Empty(DocumentSelection.Parse(new DocumentQuery { Limit = 0 }).Apply(documents).Documents);
    }

    [Fact]
    public void A_limit_gives_the_head_of_the_whole_order() => Gen.Select(Gen.Int[0, 9].Array[0, 400], Gen.Int[0, 20]).Sample((values, limit) =>
    {
        var documents = values.Select((value, i) => Summary($"d{i}", (DocumentStatus)(i % 5), Map(("n", value == 0 ? null : (long)value)))).ToList();
        var query = new DocumentQuery { Sort = ["-n"] };

        Assert.Equal(Ids(documents, query).Take(limit), Ids(documents, query with { Limit = limit }));
    });

    [Fact]
    public void Bad_sort_names_and_limits_are_refused()
    {
        Assert.Throws<FilterException>(() => DocumentSelection.Parse(new DocumentQuery { Sort = ["-"] }));
        Assert.Throws<FilterException>(() => DocumentSelection.Parse(new DocumentQuery { Sort = [" a"] }));
        Assert.Throws<FilterException>(() => DocumentSelection.Parse(new DocumentQuery { Limit = -1 }));
    }

    [Fact]
    public void The_order_of_values_is_total()
    {
        var value = Gen.OneOf(
            Gen.OneOf(new object?[] { null, true, false, "", "a", "10", "9", "1.10.0", "1.9", "1.9.0", "v1", "v1.0.0", "2026-01-01", "1e3", "-5", "+5" }),
            Gen.Long.Select(number => (object?)number),
            Gen.Double.Select(number => (object?)number));
        Gen.Select(value, value, value).Sample(
            (a, b, c) =>
            {
                var order = DocumentOrder.Parse(["k"]);
                var keys = new[] { a, b, c }.Select((item, index) => KeyOf(order, item, index)).ToArray();
                Assert.Equal(Math.Sign(order.Compare(keys[0], keys[1])), -Math.Sign(order.Compare(keys[1], keys[0])));
                Assert.False(order.Compare(keys[0], keys[1]) <= 0 && order.Compare(keys[1], keys[2]) <= 0 && order.Compare(keys[0], keys[2]) > 0);
            },
            iter: 50_000);
    }

    private static SortKey KeyOf(DocumentOrder order, object? value, int place)
    {
        var values = order.NewValues();
        order.Read(Summary(properties: Map(("k", value))), values);
        return new SortKey(values, place);
    }

    private static IEnumerable<string> Ids(IEnumerable<DocumentSummary> documents, DocumentQuery query) =>
        DocumentSelection.Parse(query).Apply(documents).Documents.Select(document => document.Id);
}
