using Idflow.Documents.Model;
using Idflow.Pipeline.Requirements;
using Idflow.Pipeline.Tests.Stages;

namespace Idflow.Pipeline.Tests.Requirements;

public sealed class RequirementEvaluatorTests
{
    [Fact]
    public void An_answer_says_what_was_wanted_found_and_missing()
    {
        var report = Evaluate("attribute_checks: [{attribute: meta.kind, operator: EQ, value: post}]", ("meta", new PropertyMap([new("kind", "note")])));
        Assert.Equal(
            new RequirementResult("attribute_checks[0]", false, "meta.kind EQ \"post\"", "meta.kind = \"note\"") { Missing = "'meta.kind' must be EQ \"post\", it is \"note\"" },
            Assert.Single(report.Results));
    }

    [Fact]
    public void A_missing_file_says_how_many_to_add()
    {
        var report = Evaluate("file_presence: {key: up, count: 2, count_operator: '>'}");
        Assert.Equal(["add 3 files with the key 'up'"], report.Missing);
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("^(a|aa)+$")]
    [InlineData("^(?=(a+))\\\\1*b(a+)+$")]
    public void A_regular_expression_cannot_hang_the_evaluation(string pattern)
    {
        var report = Evaluate($"attribute_checks: [{{attribute: text, operator: REGEX, value: \"{pattern}\"}}]", ("text", new string('a', 50_000) + "!"));
        Assert.False(report.Holds);
    }

    [Fact]
    public void A_regular_expression_that_runs_into_its_limit_is_false_with_a_warning()
    {
        var report = Evaluate("attribute_checks: [{attribute: text, operator: NOT_REGEX, value: '^((?=a)a|aa)+$'}]", ("text", new string('a', 60) + "!"));
        Assert.False(report.Holds);
        Assert.Contains("took too long", Assert.Single(report.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_ability_is_false_and_the_nearest_is_named()
    {
        var report = Evaluate("extras: [playwrigth]");
        Assert.False(report.Holds);
        Assert.Contains("Did you mean 'playwright'?", Assert.Single(report.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_ability_holds_when_it_is_installed() => Assert.True(Evaluate("extras: [embeddings]").Holds);

    [Fact]
    public void Integers_beyond_the_precision_of_doubles_compare_exactly()
    {
        Assert.False(Evaluate("attribute_checks: [{attribute: n, operator: EQ, value: 9007199254740993}]", ("n", 9007199254740992.0)).Holds);
        Assert.True(Evaluate("attribute_checks: [{attribute: n, operator: LT, value: 9007199254740993}]", ("n", 9007199254740992.0)).Holds);
    }

    private static RequirementReport Evaluate(string requirements, params IEnumerable<(string Key, object? Value)> properties)
    {
        var stage = StageFiles.Stage($"name: s\nrequirements:\n  {requirements}\n");
        var document = new Document { Id = "d", Properties = new PropertyMap(properties.Select(item => KeyValuePair.Create(item.Key, item.Value))) };
        return RequirementEvaluator.Evaluate("s", stage.Requirements, document, [], new AbilityRegistry([new("embeddings", true, ""), new("playwright", false, "")]));
    }
}
