using Idflow.Tasks.Research;

namespace Idflow.Tasks.Tests.Research;

public sealed class QueryPlannerTests
{
    [Fact]
    public void Names_set_side_by_side_become_one_sub_query_each_with_their_year()
    {
        var plan = QueryPlanner.Plan("Were trusts evil? Compare Cleveland in 1888, Harrison in 1889 and Theodore Roosevelt in his first message.", 3, "en");
        Assert.Equal(3, plan.Count);
        Assert.Contains("Cleveland 1888", plan[0].Search, StringComparison.Ordinal);
        Assert.Contains("Harrison 1889", plan[1].Search, StringComparison.Ordinal);
        Assert.Contains("Theodore Roosevelt", plan[2].Search, StringComparison.Ordinal);
        Assert.Equal(["Cleveland in 1888", "Harrison in 1889", "Theodore Roosevelt"], plan.Select(part => part.Heading));
        Assert.Equal("Theodore Roosevelt", plan[2].Focus);
        Assert.All(plan, query => Assert.Contains("trusts", query.Search, StringComparison.Ordinal));
    }

    [Fact]
    public void Years_apart_from_the_names_are_dealt_out_in_order()
    {
        var plan = QueryPlanner.Plan("Kennedy and Obama both spoke about Cuba. How different were they in 1961 and 2015?", 2, "en");
        Assert.EndsWith("Kennedy 1961", plan[0].Search, StringComparison.Ordinal);
        Assert.EndsWith("Obama 2015", plan[1].Search, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_with_two_clauses_is_cut_in_two() =>
        Assert.Equal(["Where was the president shot in Buffalo", "what did his successor say about the murderer"], QueryPlanner.Plan("Where was the president shot in Buffalo, and what did his successor say about the murderer?", 3, "en").Select(part => part.Query));

    [Theory]
    [InlineData("What is a canal?")]
    [InlineData("How did John F. Kennedy justify it?")]
    public void A_plain_question_is_its_only_sub_query(string question) => Assert.Equal([question], QueryPlanner.Plan(question, 3, "en").Select(part => part.Query));

    [Fact]
    public void Names_and_ways_are_phrases_of_the_question_and_become_headings()
    {
        var plan = QueryPlanner.Plan("How did the United States deal with Algiers, Tunis and Tripoli, by tribute and treaty or by war ships?", 3, "en");
        Assert.Equal(["Algiers", "Tunis", "Tripoli", "tribute and treaty", "war ships"], plan.Select(part => part.Query));
        Assert.Equal(["Algiers", "Tunis", "Tripoli", "Tribute and Treaty", "War Ships"], plan.Select(part => part.Heading));
        Assert.All(plan.Take(3), part => Assert.Contains("tribute", part.Search, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("what did his successor say about the murderer?", "en", "What Did His Successor Say about the Murderer")]
    [InlineData("the law of the sea", "en", "The Law of the Sea")]
    [InlineData("der Bau des Kanals", "de", "Der Bau des Kanals")]
    public void A_heading_keeps_the_words_of_the_question(string query, string language, string heading) => Assert.Equal(heading, PlannedQuery.HeadingOf(query, language));
}
