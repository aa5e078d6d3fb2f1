using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Storage;

/// <summary>What every store of the engine does.</summary>
public abstract class EngineStoreContract : IAsyncLifetime
{
    private IEngineStore _store = null!;

    private protected IEngineStore Store => _store;

    private protected abstract IEngineStore Open();

    public ValueTask InitializeAsync()
    {
        _store = Open();
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _store.DisposeAsync();
    }

    private protected static WorkflowRow Flow(string id, string name = "wf", long created = 1000) =>
        new() { WorkflowId = id, Name = name, SnapshotId = "s1", Status = WorkflowStatus.RUNNING, CreateTime = created };

    private protected static TaskRow Job(string id, string workflow, int seq = 1, string type = "work") =>
        new() { TaskId = id, WorkflowId = workflow, ReferenceName = "ref" + seq, TaskType = type, TaskDefName = type, WorkflowType = "wf", Seq = seq, Status = TaskExecutionStatus.SCHEDULED, ScheduledTime = 1000 + seq };

    private protected void Write(Action<StoreChanges> fill)
    {
        var changes = new StoreChanges();
        fill(changes);
        _store.Write([changes]);
    }

    private protected void Put(params WorkflowRow[] rows) => Write(changes => changes.Workflows.AddRange(rows.Select(row => new WorkflowWrite(row, true, RowParts.All))));

    private protected void Put(params TaskRow[] rows) => Write(changes => changes.Tasks.AddRange(rows.Select(row => new TaskWrite(row, true, RowParts.All))));

    [Fact]
    public void A_workflow_comes_back_with_every_field()
    {
        var row = Flow("w1") with
        {
            Version = 0,
            Status = WorkflowStatus.FAILED,
            Input = JsonNode.Parse("""{"a":{"b":[1,2.50,null,"é😀\u0001"]},"big":12345678901234567890}""")!.AsObject(),
            Output = new() { ["o"] = 1 },
            Variables = new() { ["v"] = true },
            CorrelationId = "c",
            IdempotencyKey = "k",
            Priority = 7,
            TaskToDomain = new() { ["*"] = "d" },
            ParentWorkflowId = "p",
            ParentWorkflowTaskId = "pt",
            Event = "e",
            Reason = "because",
            FailedTaskId = "t",
            FailedReferenceNames = ["a", "b"],
            FailedTaskNames = ["x"],
            UpdateTime = 2,
            EndTime = 3,
            LastRetriedTime = 4,
            CreatedBy = "me",
            ExternalInputPath = "in",
            ExternalOutputPath = "out",
            Archived = true,
        };
        Put(row);
        Assert.Equivalent(Text(row), Text(_store.ReadWorkflow("w1")!), strict: true);
        Assert.Null(_store.ReadWorkflow("w2"));
    }

    [Fact]
    public void A_task_comes_back_with_every_field()
    {
        var row = Job("t1", "w1") with
        {
            Status = TaskExecutionStatus.COMPLETED_WITH_ERRORS,
            Iteration = 2,
            RetryCount = 3,
            PollCount = 4,
            Input = new() { ["i"] = 1 },
            Output = new() { ["o"] = "x" },
            Reason = "r",
            WorkerId = "w",
            CorrelationId = "c",
            Domain = "d",
            StartTime = 5,
            EndTime = 6,
            UpdateTime = 7,
            FirstScheduledTime = 8,
            DueTime = 9,
            StartDelaySeconds = 10,
            CallbackAfterSeconds = 2147483647,
            ResponseTimeoutSeconds = 11,
            Retried = true,
            Executed = true,
            SubworkflowChanged = true,
            RetriedTaskId = "t0",
            SubWorkflowId = "s",
            ParentTaskId = "p",
            Entry = new() { Name = "n", TaskReferenceName = "n", InputParameters = new() { ["x"] = "${y}" }, TaskDefinition = new() { Name = "n", RetryCount = 0, ResponseTimeoutSeconds = 0 } },
            EntryIsOwn = true,
            WorkflowPriority = 12,
            RateLimitPerFrequency = 13,
            RateLimitFrequencyInSeconds = 14,
            IsolationGroupId = "g",
            ExecutionNameSpace = "ns",
            ExternalInputPath = "in",
            ExternalOutputPath = "out",
        };
        Put(row);
        Assert.Equal(Text(row), Text(_store.ReadTask("t1")!));
        Assert.Equal(Text(row), Text(Assert.Single(_store.ReadTasks("w1"))));
        Assert.Null(_store.ReadTask("t2"));
        Assert.Empty(_store.ReadTasks("w2"));
    }

    [Fact]
    public void A_change_of_the_keys_of_a_row_is_written()
    {
        var flow = Flow("w1") with { CorrelationId = "c1" };
        var job = Job("t1", "w1");
        Put(flow);
        Put(job);
        var (newFlow, newJob) = (flow with { CorrelationId = "c2", Version = 3 }, job with { Seq = 4, ScheduledTime = 77 });
        Write(changes =>
        {
            changes.Workflows.Add(new(newFlow, false, KeyChange.Between(flow, newFlow)));
            changes.Tasks.Add(new(newJob, false, KeyChange.Between(job, newJob)));
        });
        Assert.Equal(("c2", 3), (_store.ReadWorkflow("w1")!.CorrelationId, _store.ReadWorkflow("w1")!.Version));
        Assert.Equal((4, 77), (_store.ReadTask("t1")!.Seq, _store.ReadTask("t1")!.ScheduledTime));
        Assert.Equal(["w1"], _store.FindByCorrelationId("wf", "c2", openOnly: true));
    }

    [Fact]
    public void A_payload_can_grow_and_shrink()
    {
        Put(Job("t1", "w1") with { Output = new() { ["a"] = 1 } });
        foreach (var length in (int[])[5_000, 3, 200_000, 0, 2])
        {
            JsonObject output = length == 0 ? [] : new() { ["a"] = new string('x', length) };
            Write(changes => changes.Tasks.Add(new(Job("t1", "w1") with { Output = output }, false, RowParts.Output)));
            Assert.Equal(output.ToJsonString(), _store.ReadTask("t1")!.Output.ToJsonString());
        }
    }

    /// <summary>Rows as text: records with JSON inside have no equality of their own.</summary>
    internal static string Text<T>(T row) => System.Text.Json.JsonSerializer.Serialize(row);

    [Fact]
    public void A_later_write_of_a_row_holds_also_within_one_transaction()
    {
        Put(Flow("w1"));
        var first = new StoreChanges();
        first.Workflows.Add(new(Flow("w1") with { Reason = "first", Input = new() { ["n"] = 1 } }, false, RowParts.Input));
        var second = new StoreChanges();
        second.Workflows.Add(new(Flow("w1") with { Reason = "second", Input = new() { ["n"] = 1 }, Output = new() { ["n"] = 2 } }, false, RowParts.Output));
        _store.Write([first, second]);
        var row = _store.ReadWorkflow("w1")!;
        Assert.Equal(("second", """{"n":1}""", """{"n":2}"""), (row.Reason, row.Input.ToJsonString(), row.Output.ToJsonString()));
    }

    [Fact]
    public void A_payload_can_become_empty_again()
    {
        Put(Job("t1", "w1") with { Output = new() { ["a"] = 1 } });
        Write(changes => changes.Tasks.Add(new(Job("t1", "w1"), false, RowParts.Output)));
        Assert.Empty(_store.ReadTask("t1")!.Output);
    }

    [Fact]
    public void Tasks_come_by_their_order_of_scheduling()
    {
        Put(Job("t3", "w1", 3), Job("t1", "w1", 1), Job("other", "w2", 1), Job("t2", "w1", 2), Job("t0", "w1", 0));
        Assert.Equal(["t0", "t1", "t2", "t3"], _store.ReadTasks("w1").Select(task => task.TaskId));
    }

    [Fact]
    public void Deleting_a_workflow_takes_its_tasks_and_logs()
    {
        Put(Flow("w1"), Flow("w2"));
        Put(Job("t1", "w1"), Job("t2", "w2"));
        Write(changes => changes.Logs.AddRange([new("t1", "w1", "one", 1), new("t2", "w2", "two", 1)]));
        Write(changes => changes.DeletedWorkflows.Add("w1"));
        Assert.Null(_store.ReadWorkflow("w1"));
        Assert.Null(_store.ReadTask("t1"));
        Assert.Empty(_store.ReadTasks("w1"));
        Assert.Empty(_store.ReadTaskLogs("t1"));
        Assert.NotNull(_store.ReadWorkflow("w2"));
        Assert.Single(_store.ReadTaskLogs("t2"));
    }

    [Fact]
    public void Deletions_come_before_the_writes_of_the_same_commit()
    {
        Put(Flow("w1") with { Input = new() { ["old"] = 1 } });
        Put(Job("t1", "w1"));
        Write(changes =>
        {
            changes.DeletedWorkflows.Add("w1");
            changes.Workflows.Add(new(Flow("w1") with { Reason = "again" }, true, RowParts.All));
            changes.Tasks.Add(new(Job("t9", "w1"), true, RowParts.All));
        });
        Assert.Equal(("again", 0), (_store.ReadWorkflow("w1")!.Reason, _store.ReadWorkflow("w1")!.Input.Count));
        Assert.Equal(["t9"], _store.ReadTasks("w1").Select(task => task.TaskId));
    }

    [Fact]
    public void Deleting_a_task_leaves_the_others()
    {
        Put(Job("t1", "w1", 1), Job("t2", "w1", 2));
        Write(changes => changes.DeletedTasks.AddRange(["t1", "unknown"]));
        Assert.Equal(["t2"], _store.ReadTasks("w1").Select(task => task.TaskId));
    }

    [Fact]
    public void Open_workflows_are_those_running_or_paused()
    {
        Put(Flow("run"), Flow("pause") with { Status = WorkflowStatus.PAUSED }, Flow("done") with { Status = WorkflowStatus.COMPLETED }, Flow("archived") with { Status = WorkflowStatus.FAILED, Archived = true });
        Assert.Equal(["pause", "run"], _store.OpenWorkflowIds().Order());
        Write(changes => changes.Workflows.Add(new(Flow("run") with { Status = WorkflowStatus.TERMINATED }, false, RowParts.Status)));
        Assert.Equal(["pause"], _store.OpenWorkflowIds());
    }

    [Fact]
    public void Open_tasks_follow_their_workflows()
    {
        Put(Flow("w2", created: 20), Flow("w1", created: 10), Flow("done") with { Status = WorkflowStatus.COMPLETED });
        Put(Job("t2", "w1", 2) with { Domain = "d", DueTime = 5 }, Job("t1", "w1", 1) with { Status = TaskExecutionStatus.IN_PROGRESS }, Job("t0", "w1", 3) with { Status = TaskExecutionStatus.COMPLETED },
            Job("t3", "w2"), Job("t4", "done"));
        var open = _store.Open();
        Assert.Equal(["w1", "w2"], open.Workflows.Select(row => row.WorkflowId));
        Assert.Equal(["t1", "t2", "t3"], open.Tasks.Select(row => row.TaskId));
        Assert.Equal(("d", 5), (open.Tasks[1].Domain, open.Tasks[1].DueTime));
        Write(changes => changes.Tasks.Add(new(Job("t3", "w2") with { Status = TaskExecutionStatus.FAILED }, false, RowParts.Status)));
        Assert.Equal(["t1", "t2"], _store.Open().Tasks.Select(row => row.TaskId));
    }

    [Fact]
    public void Logs_snapshots_outbox_and_documents_come_back()
    {
        var definition = new WorkflowDef { Name = "wf", Version = 3, Tasks = [new() { Name = "a", TaskReferenceName = "a", TaskDefinition = new() { RetryCount = 0 } }] };
        Write(changes =>
        {
            changes.Snapshots.Add(new("s1", definition));
            changes.Logs.AddRange([new("t1", "w1", "first\nline", 5), new("t1", "w1", "second", 4)]);
            changes.Outbox.AddRange([new(2, "b", "w1", new() { ["n"] = 2 }), new(1, "a", "w1", [])]);
            changes.Documents.AddRange([new(DocumentKind.Workflow, "wf", 1, """{"a":1}"""), new(DocumentKind.Workflow, "wf", 2, "{}"), new(DocumentKind.Task, "wf", 0, "{}")]);
        });
        Assert.Equal(Text(definition), Text(_store.ReadSnapshot("s1")!.Definition));
        Assert.Null(_store.ReadSnapshot("s2"));
        Assert.Equal(["first\nline", "second"], _store.ReadTaskLogs("t1").Select(log => log.Text));
        Assert.Equal([1, 2], _store.ReadOutbox().Select(row => row.Id));
        Assert.Equal("""{"n":2}""", _store.ReadOutbox()[1].Data.ToJsonString());
        Write(changes =>
        {
            changes.DeletedOutbox.Add(1);
            changes.DeletedDocuments.Add((DocumentKind.Workflow, "wf", 1));
            changes.Documents.Add(new(DocumentKind.Task, "wf", 0, """{"b":2}"""));
        });
        Assert.Equal(["b"], _store.ReadOutbox().Select(row => row.Kind));
        Assert.Equal([(DocumentKind.Workflow, 2, "{}"), (DocumentKind.Task, 0, """{"b":2}""")], _store.ReadDocuments().Select(row => (row.Kind, row.Version, row.Json)).Order());
    }

    [Fact]
    public void Event_executions_are_known_by_handler_event_and_id()
    {
        Write(changes => changes.EventExecutions.Add(new("m_0", "h", "conductor:e", "m", "COMPLETED", "start_workflow", [], 1)));
        Assert.True(_store.HasEventExecution("h", "conductor:e", "m_0"));
        Assert.False(_store.HasEventExecution("h", "conductor:e", "m_1"));
        Assert.False(_store.HasEventExecution("h2", "conductor:e", "m_0"));
    }

    [Fact]
    public void Schedule_executions_come_newest_first_in_pages()
    {
        Write(changes => changes.ScheduleExecutions.AddRange(Enumerable.Range(1, 5).Select(i =>
            new ScheduleExecutionRow($"x{i}", i % 2 == 0 ? "even" : "odd", i, i, null, "EXECUTED", null, []))));
        Assert.Equal(["x5", "x4"], _store.ReadScheduleExecutions(null, 0, 2).Select(row => row.ExecutionId));
        Assert.Equal(["x3", "x1"], _store.ReadScheduleExecutions("odd", 1, 5).Select(row => row.ExecutionId));
    }

    [Fact]
    public void Executions_are_found_by_name_correlation_and_idempotency_key()
    {
        Put(
            Flow("w3", created: 30) with { CorrelationId = "c", IdempotencyKey = "k", Version = 2 },
            Flow("w1", created: 10) with { CorrelationId = "c", IdempotencyKey = "k" },
            Flow("w2", created: 20) with { CorrelationId = "c", Status = WorkflowStatus.COMPLETED },
            Flow("w4", created: 40) with { Status = WorkflowStatus.PAUSED },
            Flow("o1", "other", 5) with { CorrelationId = "c", IdempotencyKey = "k" });
        Assert.Equal(["w1", "w2", "w3"], _store.FindByCorrelationId("wf", "c", openOnly: false));
        Assert.Equal(["w1", "w3"], _store.FindByCorrelationId("wf", "c", openOnly: true));
        Assert.Empty(_store.FindByCorrelationId("wf", "d", openOnly: false));
        Assert.Equal(["w1", "w3", "w4"], _store.FindByName("wf", null, null, null));
        Assert.Equal(["w3"], _store.FindByName("wf", 2, null, null));
        Assert.Equal(["w1", "w2"], _store.FindByName("wf", null, 10, 20));
        Assert.Equal("w3", _store.FindByIdempotencyKey("wf", "k"));
        Assert.Null(_store.FindByIdempotencyKey("wf", "nope"));
    }
}
