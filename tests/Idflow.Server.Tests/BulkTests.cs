using System.Net;
using System.Text.Json;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Server.Tests.Support;

namespace Idflow.Server.Tests;

/// <summary>One call for many executions: each is dealt with, whatever became of the others; and what searches ask the engine for.</summary>
public sealed class BulkTests
{
    private readonly List<string> _calls = [];

    private Func<object?[], object?> Noting(string name, params string[] refused) => args =>
    {
        _calls.Add($"{name} {string.Join(' ', args.Where(arg => arg is string or bool))}".Trim());
        return refused.Contains((string)args[0]!) ? Task.FromException(ConductorException.Conflict($"not {args[0]}")) : Task.CompletedTask;
    };

    [Theory]
    [InlineData("PUT", "pause", nameof(IConductor.PauseWorkflowAsync), "")]
    [InlineData("PUT", "resume", nameof(IConductor.ResumeWorkflowAsync), "")]
    [InlineData("POST", "retry", nameof(IConductor.RetryWorkflowAsync), " False")]
    [InlineData("POST", "restart?useLatestDefinitions=true", nameof(IConductor.RestartWorkflowAsync), " True")]
    [InlineData("POST", "terminate?reason=why", nameof(IConductor.TerminateWorkflowAsync), " why")]
    [InlineData("DELETE", "remove?archiveWorkflow=false", nameof(IConductor.RemoveWorkflowAsync), " False")]
    public async Task Each_is_dealt_with_and_what_was_refused_says_why(string method, string path, string operation, string arguments)
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With((operation, Noting("", "b"))));

        var reply = await server.SendAsync(new HttpMethod(method), "api/workflow/bulk/" + path, """["a","b","c"]""");

        Assert.Equal((HttpStatusCode.OK, """{"bulkErrorResults":{"b":"not b"},"bulkSuccessfulResults":["a","c"]}"""), (reply.Status, reply.Body));
        Assert.Equal([$"a{arguments}", $"b{arguments}", $"c{arguments}"], _calls);
    }

    [Fact]
    public async Task Those_that_cannot_be_terminated_are_not_removed()
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With(
            (nameof(IConductor.TerminateWorkflowAsync), Noting("terminate", "b")), (nameof(IConductor.RemoveWorkflowAsync), Noting("remove", "c"))));

        var reply = await server.SendAsync(HttpMethod.Delete, "api/workflow/bulk/terminate-remove?reason=why&archiveWorkflow=false", """["a","b","c"]""");

        Assert.Equal("""{"bulkErrorResults":{"b":"not b","c":"not c"},"bulkSuccessfulResults":["a","c","a"]}""", reply.Body);
        Assert.Equal(["terminate a why", "terminate b why", "terminate c why", "remove a False", "remove c False"], _calls);
    }

    [Theory]
    [InlineData(0, 400)]
    [InlineData(1000, 200)]
    [InlineData(1001, 400)]
    public async Task Up_to_a_thousand_are_taken(int count, int status)
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With((nameof(IConductor.PauseWorkflowAsync), Noting(""))));
        var reply = await server.SendAsync(HttpMethod.Put, "api/workflow/bulk/pause", JsonSerializer.Serialize(Enumerable.Range(0, count).Select(id => $"{id}")));
        Assert.Equal((status, status == 200 ? count : 0), ((int)reply.Status, _calls.Count));
    }

    [Theory]
    [InlineData("search?query=status%3DRUNNING", "status=RUNNING")]
    [InlineData("search?query=status%3DRUNNING&topLevelOnly=true", "status=RUNNING AND parentWorkflowId = ''")]
    [InlineData("search?classifier=agent,other", "classifier IN (agent,other)")]
    [InlineData("search", "")]
    public async Task A_search_asks_for_what_its_parameters_say(string path, string query)
    {
        string? asked = null;
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With((nameof(IConductor.SearchWorkflowsAsync), args =>
        {
            asked = ((SearchRequest)args[0]!).Query;
            return Task.FromResult(new SearchResult<WorkflowSummary>());
        }
        )));
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("api/workflow/" + path)).Status);
        Assert.Equal(query, asked);
    }

    [Fact]
    public async Task The_tasks_that_went_between_the_search_and_their_reading_do_not_count()
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With(
            (nameof(IConductor.SearchTasksAsync), _ => Task.FromResult(new SearchResult<TaskSummary> { TotalHits = 7, Results = [new TaskSummary { TaskId = "a" }, new TaskSummary { TaskId = "gone" }] })),
            (nameof(IConductor.GetTaskAsync), args => (string)args[0]! == "gone" ? Task.FromException<TaskExecution>(ConductorException.NotFound("gone")) : Task.FromResult(new TaskExecution { TaskId = (string)args[0]! }))));

        var found = (await server.GetAsync("api/tasks/search-v2")).Json;

        Assert.Equal((6, 1), ((int)found["totalHits"]!, found["results"]!.AsArray().Count));
    }

    [Theory]
    [InlineData("", 3, "a,b,c")]
    [InlineData("?status=COMPLETED", 2, "a,c")]
    [InlineData("?status=COMPLETED&start=1&count=1", 2, "c")]
    public async Task A_page_of_tasks_has_those_of_the_status(string query, int hits, string references)
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With((nameof(IConductor.GetWorkflowAsync), _ => Task.FromResult(new Workflow
        {
            WorkflowId = "w",
            Tasks =
            [
                new TaskExecution { ReferenceTaskName = "a", Status = TaskExecutionStatus.COMPLETED },
                new TaskExecution { ReferenceTaskName = "b", Status = TaskExecutionStatus.SCHEDULED },
                new TaskExecution { ReferenceTaskName = "c", Status = TaskExecutionStatus.COMPLETED },
            ],
        }))));
        var page = (await server.GetAsync("api/workflow/w/tasks" + query)).Json;
        Assert.Equal((hits, references), ((int)page["totalHits"]!, string.Join(',', page["results"]!.AsArray().Select(task => (string?)task!["referenceTaskName"]))));
    }

    /// <summary>Only a WAIT that is open is ended from a queue.</summary>
    [Theory]
    [InlineData("wait", 200)]
    [InlineData("human", 404)]
    [InlineData("over", 404)]
    [InlineData("none", 404)]
    public async Task A_message_of_a_queue_ends_an_open_WAIT(string reference, int status)
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With(
            (nameof(IConductor.GetWorkflowAsync), _ => Task.FromResult(new Workflow
            {
                WorkflowId = "w",
                Tasks =
                [
                    new TaskExecution { TaskId = "1", ReferenceTaskName = "wait", TaskType = TaskTypes.Wait, Status = TaskExecutionStatus.IN_PROGRESS },
                    new TaskExecution { TaskId = "2", ReferenceTaskName = "human", TaskType = TaskTypes.Human, Status = TaskExecutionStatus.IN_PROGRESS },
                    new TaskExecution { TaskId = "3", ReferenceTaskName = "over", TaskType = TaskTypes.Wait, Status = TaskExecutionStatus.COMPLETED },
                ],
            })),
            (nameof(IConductor.UpdateTaskAsync), args =>
            {
                _calls.Add(((TaskResult)args[0]!).TaskId!);
                return Task.FromResult("1");
            }
        )));
        Assert.Equal(status, (int)(await server.PostAsync($"api/queue/update/w/{reference}/COMPLETED", "{}")).Status);
        Assert.Equal(status == 200 ? ["1"] : [], _calls);
    }
}
