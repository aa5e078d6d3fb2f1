using CsCheck;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Search;
using Idflow.Engine.Storage;

namespace Idflow.Engine.Tests.Search;

public sealed class SearchLanguageTests
{
    private static string Read(string query) => string.Join(" & ", SearchLanguage.ReadWorkflowSearch(new() { Query = query }).Conditions
        .Select(condition => $"{condition.Field} {condition.Operator} [{string.Join('|', condition.Values)}]"));

    [Theory]
    [InlineData("workflowType=wf", "workflowType Equal [wf]")]
    [InlineData("workflowType='wf' AND status=\"COMPLETED\"", "workflowType Equal [wf] & status Equal [COMPLETED]")]
    [InlineData("workflowType IN (a, 'b',\"c\")", "workflowType In [a|b|c]")]
    [InlineData("workflowType in (a)", "workflowType In [a]")]
    [InlineData("startTime>100 AND startTime < 200", "startTime Greater [100] & startTime Less [200]")]
    [InlineData("startTime>=100 AND startTime <= 200", "startTime Greater [99] & startTime Less [201]")]
    [InlineData("correlationId='x AND y=1'", "correlationId Equal [x AND y=1]")]
    [InlineData("correlationId=a=b", "correlationId Equal [a=b]")]
    [InlineData("correlationId = it's AND status = FAILED", "correlationId Equal [it's] & status Equal [FAILED]")]
    [InlineData("workflowType=my*", "workflowType Equal [my*]")]
    [InlineData("nope=1 AND status=FAILED", "status Equal [FAILED]")]
    [InlineData("taskType=a", "")]
    [InlineData("  ", "")]
    [InlineData("parentWorkflowId=''", "parentWorkflowId Equal []")]
    public void Queries_are_conditions(string query, string expected) => Assert.Equal(expected, Read(query));

    [Theory]
    [InlineData("status")]
    [InlineData("status like x")]
    [InlineData("= x")]
    public void An_unreadable_condition_is_refused(string query)
    {
        var error = Assert.Throws<ConductorException>(() => Read(query));
        Assert.Equal(400, error.Status);
        Assert.Contains(query, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sort_text_and_page_are_read()
    {
        var criteria = SearchLanguage.ReadTaskSearch(new() { Sort = "startTime:DESC| nope:ASC|taskType", FreeText = " Needle ", Start = -1, Size = 5, Query = "taskType=a" });
        Assert.Equal([new SearchSort("startTime", true), new SearchSort("taskType", false)], criteria.Sort);
        Assert.Equal(("Needle", 0, 5), (criteria.FreeText, criteria.Start, criteria.Size));
        Assert.Null(SearchLanguage.ReadTaskSearch(new() { FreeText = "*" }).FreeText);
    }

    [Fact]
    public void Any_text_is_read_or_refused() => Gen.String[Gen.Char["ab =<>'\"(),*IN AND\n"], 0, 30].Sample(query =>
    {
        try
        {
            return SearchLanguage.ReadWorkflowSearch(new() { Query = query }).Conditions.All(condition => condition.Values is not null);
        }
        catch (ConductorException error)
        {
            return error.Status == 400;
        }
    });
}
