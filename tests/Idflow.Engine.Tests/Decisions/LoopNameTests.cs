using Idflow.Conductor.Model;
using Idflow.Engine.Definitions;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Decisions;

/// <summary>Names of loop members, also of those whose own names look like theirs.</summary>
public sealed class LoopNameTests
{
    [Theory]
    [InlineData("a__1", "a", 1)]
    [InlineData("a__2__13", "a", 13)]
    [InlineData("a___1", "a_", 1)]
    [InlineData("a__b__3", "a__b", 3)]
    [InlineData("a__b", "a__b", 0)]
    [InlineData("__1", "__1", 1)]
    [InlineData("a", "a", 0)]
    public void A_name_is_the_definitions_and_the_passes(string reference, string name, int iteration) =>
        Assert.Equal((name, iteration), (ReferenceNames.WithoutIteration(reference), ReferenceNames.IterationOf(reference)));

    [Theory]
    [InlineData("a_")]
    [InlineData("a__b")]
    public void Members_may_have_underscores_in_their_names(string name)
    {
        var workflow = new DecidedWorkflow($$"""
            [{"name":"l","taskReferenceName":"l","type":"DO_WHILE","loopCondition":"$.l.iteration < 2","loopOver":[
              {"name":"m","taskReferenceName":"{{name}}"},{"name":"n","taskReferenceName":"n"}]}]
            """);
        foreach (var pass in (int[])[1, 2])
        {
            workflow.Complete($"{name}__{pass}");
            workflow.Complete($"n__{pass}");
        }
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
    }
}
