using System.Text;
using Idflow.Conductor.Model;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Decisions;

/// <summary>Payloads that would be far over their limit are given up while they are put together.</summary>
public sealed class PayloadOverflowTests
{
    private const int References = 10_000;
    private const long LittleMemory = 400L << 20;

    private static readonly string Big = "{\"big\":{\"text\":\"" + new string('x', 1 << 20) + "\"}}";

    private static string Many(string value) => "{" + string.Join(',', Enumerable.Range(0, References).Select(n => $"\"k{n}\":{value}")) + "}";

    public static TheoryData<string> Inputs =>
    [
        Many("\"${workflow.input.big}\""),
        Many("\"${workflow.input.big.text}\""),
        Many("\"of ${workflow.input.big.text}\""),
        Many("[{\"deep\":[\"${workflow.input.big}\"]}]"),
        "{\"k\":\"" + new StringBuilder().Insert(0, "${workflow.input.big}", References) + "\"}",
        "{\"k\":\"${workflow.input.${workflow.input.big}" + new StringBuilder().Insert(0, "${workflow.input.big.text}", References) + "}\"}",
    ];

    [Theory]
    [MemberData(nameof(Inputs))]
    public void A_task_that_asks_for_too_many_copies_fails_for_good_and_takes_little_memory(string input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var workflow = new DecidedWorkflow($$"""[{"name":"a","taskReferenceName":"a","inputParameters":{{input}}},{"name":"b","taskReferenceName":"b"}]""", input: Big);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((WorkflowStatus.FAILED, "a:FAILED_WITH_TERMINAL_ERROR"), (workflow.Status, workflow.Tasks));
        Assert.Empty(workflow["a"].Input);
        Assert.Contains("is greater than the permissible limit: 10485760 bytes (its input; engine.limits.task_payload_kb)", workflow["a"].Reason, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, LittleMemory);
    }

    [Theory]
    [InlineData("SWITCH", """ "evaluatorType":"value-param","expression":"k0","defaultCase":[] """)]
    [InlineData("SUB_WORKFLOW", """ "subWorkflowParam":{"name":"child","version":1} """)]
    [InlineData("DO_WHILE", """ "loopCondition":"false","loopOver":[{"name":"m","taskReferenceName":"m"}] """)]
    [InlineData("INLINE", """ "optional":false """)]
    public void So_does_an_operator(string type, string more)
    {
        var workflow = new DecidedWorkflow($$"""[{"name":"a","taskReferenceName":"a","type":"{{type}}",{{more}},"inputParameters":{{Many("\"${workflow.input.big}\"")}}}]""", input: Big);

        Assert.Equal((WorkflowStatus.FAILED, "a:FAILED_WITH_TERMINAL_ERROR"), (workflow.Status, workflow.Tasks));
        Assert.Contains("task_payload_kb", workflow.State.Row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_optional_one_is_passed_over()
    {
        var workflow = new DecidedWorkflow($$"""[{"name":"a","taskReferenceName":"a","optional":true,"inputParameters":{{Many("\"${workflow.input.big}\"")}}},{"name":"b","taskReferenceName":"b"}]""", input: Big);

        Assert.Equal("a:COMPLETED_WITH_ERRORS b:SCHEDULED", workflow.Tasks);
    }

    [Fact]
    public void An_attempt_that_would_be_too_large_is_the_last_one()
    {
        var workflow = new DecidedWorkflow(
            $$"""
            [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[
              [{"name":"a","taskReferenceName":"a","retryCount":3,"inputParameters":{{Many("\"${b.output.big}\"")}}}],[{"name":"b","taskReferenceName":"b"}]]},
             {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["a","b"]}]
            """, taskDefs: new TaskDef { Name = "a", RetryCount = 3, RetryDelaySeconds = 0 });
        workflow.Complete("b", Big);
        workflow.Fail("a");

        Assert.Equal(WorkflowStatus.FAILED, workflow.Status);
        Assert.Equal((1, TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR), (workflow["a"].RetryCount, workflow["a"].Status));
    }

    [Fact]
    public void An_output_of_the_workflow_fails_it()
    {
        var workflow = new DecidedWorkflow("""[{"name":"a","taskReferenceName":"a"}]""", $$"""{"outputParameters":{{Many("\"${workflow.input.big}\"")}}}""", Big);
        var before = GC.GetAllocatedBytesForCurrentThread();
        workflow.Complete("a");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, LittleMemory);
        Assert.Equal(WorkflowStatus.FAILED, workflow.Status);
        Assert.Empty(workflow.State.Row.Output);
        Assert.Contains("(its output; engine.limits.workflow_payload_kb)", workflow.State.Row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Just_below_the_limit_all_is_there()
    {
        var nine = "{" + string.Join(',', Enumerable.Range(0, 9).Select(n => $"\"k{n}\":\"${{workflow.input.big}}\",\"t{n}\":\"${{workflow.input.small}}\"")) + "}";
        var workflow = new DecidedWorkflow($$"""[{"name":"a","taskReferenceName":"a","inputParameters":{{nine}}}]""", input: Big[..^1] + ""","small":{"n":[1,2]}}""");

        Assert.Equal("a:SCHEDULED", workflow.Tasks);
        Assert.Equal(18, workflow["a"].Input.Count);
        Assert.All(workflow["a"].Input.Where(pair => pair.Key[0] == 't'), pair => Assert.Equal("""{"n":[1,2]}""", pair.Value!.ToJsonString()));
    }
}
