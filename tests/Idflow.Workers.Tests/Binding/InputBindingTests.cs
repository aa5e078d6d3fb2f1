using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Workers.Discovery;
using Idflow.Workers.Testing;

namespace Idflow.Workers.Tests.Binding;

public sealed class InputBindingTests
{
    private readonly TaskEnvironment _environment = new(new WorkerRegistry().AddInstance(new Samples()));

    [Fact]
    public async Task Parameters_take_the_keys_of_their_names_in_camel_case()
    {
        var run = await RunAsync("all_kinds", """
            {"title":"T","maxResults":3,"ratio":0.5,"deep":true,"mode":"Fast","tags":["a","b"],"options":{"name":"n","depth":2},"day":"2026-01-31","max_words":7}
            """);

        Assert.Equal(TaskResultStatus.COMPLETED, run.Status);
        Assert.Equal("T|3|0.5|True|Fast|a,b|n/2|2026-01-31|7|", run.Output["result"]!.GetValue<string>());
    }

    [Fact]
    public async Task Numbers_and_booleans_may_come_as_text()
    {
        var run = await RunAsync("all_kinds", """{"title":"T","maxResults":"12","ratio":"1.5","deep":"true","mode":"slow","tags":[],"options":{"name":"n","depth":"4"}}""");

        Assert.Equal(TaskResultStatus.COMPLETED, run.Status);
        Assert.Equal("T|12|1.5|True|Slow||n/4||100|", run.Output["result"]!.GetValue<string>());
    }

    [Fact]
    public async Task Defaults_stand_for_absent_and_for_null_keys()
    {
        var run = await RunAsync("defaults", """{"mode":null}""");

        Assert.Equal("10|Slow||True|0", run.Output["result"]!.GetValue<string>());
    }

    [Fact]
    public async Task Missing_required_keys_are_all_named_with_what_was_expected()
    {
        var run = await RunAsync("all_kinds", """{"deep":null}""");

        Assert.Equal(TaskResultStatus.FAILED_WITH_TERMINAL_ERROR, run.Status);
        Assert.Contains("Input 'title' is missing; expected a text.", run.Reason);
        Assert.Contains("Input 'maxResults' is missing; expected a whole number.", run.Reason);
        Assert.Contains("Input 'deep' is null; expected true or false.", run.Reason);
        Assert.Contains("Input 'mode' is missing; expected one of Slow, Fast.", run.Reason);
        Assert.Contains("Input 'tags' is missing; expected a list of values, each a text.", run.Reason);
        Assert.Contains("Input 'options' is missing; expected an object with name, depth.", run.Reason);
    }

    [Theory]
    [InlineData("maxResults", "\"many\"", "Input 'maxResults': expected a whole number, got the text \"many\".")]
    [InlineData("maxResults", "1.5", "Input 'maxResults': expected a whole number, got the number 1.5.")]
    [InlineData("maxResults", "99999999999", "Input 'maxResults': expected a whole number, got the number 99999999999.")]
    [InlineData("title", "{\"a\":1}", "Input 'title': expected a text, got an object with a.")]
    [InlineData("deep", "\"maybe\"", "Input 'deep': expected true or false, got the text \"maybe\".")]
    [InlineData("mode", "\"medium\"", "Input 'mode': expected one of Slow, Fast, got the text \"medium\".")]
    [InlineData("tags", "\"a\"", "Input 'tags': expected a list of values, each a text, got the text \"a\".")]
    [InlineData("tags", "[\"a\",{}]", "Input 'tags[1]': expected a text, got an empty object.")]
    [InlineData("options", "{\"name\":\"n\",\"depth\":\"deep\"}", "Input 'options.depth': expected a whole number, got the text \"deep\".")]
    [InlineData("options", "{\"name\":\"n\"}", "Input 'options.depth' is missing; 'options' must be an object with name, depth.")]
    [InlineData("options", "[]", "Input 'options': expected an object with name, depth, got a list of 0.")]
    [InlineData("day", "\"tomorrow\"", "Input 'day': expected a date such as 2026-01-31, got the text \"tomorrow\".")]
    public async Task A_wrong_type_names_the_key_the_expected_type_and_what_came(string key, string value, string expected)
    {
        var input = (JsonObject)JsonNode.Parse("""{"title":"T","maxResults":3,"ratio":0.5,"deep":true,"mode":"Fast","tags":["a"],"options":{"name":"n","depth":2}}""")!;
        input[key] = JsonNode.Parse(value);

        var run = await _environment.RunAsync("all_kinds", input, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(TaskResultStatus.FAILED_WITH_TERMINAL_ERROR, run.Status);
        Assert.Equal(expected, run.Reason);
    }

    [Fact]
    public async Task Unknown_keys_are_logged_and_do_no_harm()
    {
        var run = await RunAsync("defaults", """{"mode":"Fast","modee":"x","other":1}""");

        Assert.Equal(TaskResultStatus.COMPLETED, run.Status);
        Assert.Equal(["Unused input: modee, other."], run.Log);
    }

    [Fact]
    public async Task A_record_can_take_the_whole_input()
    {
        var run = await RunAsync("whole", """{"name":"n","depth":3,"more":1}""");

        Assert.Equal("n/3", run.Output["result"]!.GetValue<string>());
        Assert.Equal(["Unused input: more."], run.Log);
    }

    [Fact]
    public async Task A_member_that_does_not_fit_in_a_whole_input_is_named()
    {
        var run = await RunAsync("whole", """{"name":"n","depth":[]}""");

        Assert.Equal("Input 'depth': expected a whole number, got a list of 0.", run.Reason);
    }

    [Theory]
    [InlineData("returns_object", """{"count":2,"firstName":"ada"}""")]
    [InlineData("returns_text", """{"result":"x"}""")]
    [InlineData("returns_list", """{"result":[1,2]}""")]
    [InlineData("returns_null", """{"result":null}""")]
    [InlineData("returns_nothing", "{}")]
    [InlineData("returns_map", """{"A":1}""")]
    [InlineData("returns_task", """{"count":1,"firstName":"task"}""")]
    [InlineData("returns_value_task", """{"result":5}""")]
    [InlineData("returns_done_task", "{}")]
    public async Task The_return_value_becomes_the_output(string task, string expected)
    {
        var run = await RunAsync(task, "{}");

        Assert.Equal(TaskResultStatus.COMPLETED, run.Status);
        Assert.Equal(expected, run.Output.ToJsonString());
    }

    [Fact]
    public async Task Failures_say_whether_trying_again_helps()
    {
        var terminal = await RunAsync("fails", """{"how":"terminal"}""");
        var transient = await RunAsync("fails", """{"how":"transient"}""");
        var other = await RunAsync("fails", """{"how":"other"}""");

        Assert.Equal((TaskResultStatus.FAILED_WITH_TERMINAL_ERROR, "no key"), (terminal.Status, terminal.Reason));
        Assert.Equal((TaskResultStatus.FAILED, "busy"), (transient.Status, transient.Reason));
        Assert.Equal(TimeSpan.FromSeconds(7), transient.Outcome.RetryAfter);
        Assert.Equal((TaskResultStatus.FAILED, "InvalidOperationException: broken"), (other.Status, other.Reason));
        Assert.Contains(other.Log, l => l.Contains(nameof(Samples.Fails), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_method_can_ask_to_be_called_again()
    {
        var run = await RunAsync("later", "{}");

        Assert.Equal((TaskResultStatus.IN_PROGRESS, 30L), (run.Status, run.Outcome.CallbackAfterSeconds));
    }

    [Fact]
    public async Task A_result_that_is_not_json_is_a_terminal_failure()
    {
        var run = await RunAsync("returns_cycle", "{}");

        Assert.Equal(TaskResultStatus.FAILED_WITH_TERMINAL_ERROR, run.Status);
        Assert.Contains("cannot be written as JSON", run.Reason);
    }

    private Task<TaskRun> RunAsync(string task, string input) =>
        _environment.RunAsync(task, (JsonObject)JsonNode.Parse(input)!, cancellationToken: TestContext.Current.CancellationToken);

    public enum Mode { Slow, Fast }

    public sealed record Options(string Name, int Depth, string? Note = null);

    public sealed record Person(int Count, string FirstName);

    public sealed class Node
    {
        public Node? Next { get; set; }
    }

    internal sealed class Samples
    {
        [WorkerTask("all_kinds")]
        public string AllKinds(string title, int maxResults, double ratio, bool deep, Mode mode, IReadOnlyList<string> tags, Options options,
            DateOnly? day, TaskContext context, [TaskInput("max_words")] int words = 100, string? none = null) =>
            FormattableString.Invariant($"{title}|{maxResults}|{ratio}|{deep}|{mode}|{string.Join(",", tags)}|{options.Name}/{options.Depth}|{day:yyyy-MM-dd}|{words}|{none}");

        [WorkerTask("defaults")]
        public string Defaults(CancellationToken token, int count = 10, Mode mode = Mode.Slow, string? note = null, bool on = true, TimeSpan wait = default) =>
            $"{count}|{mode}|{note}|{on}|{wait.Ticks}";

        [WorkerTask("whole")]
        public string Whole([TaskInput(Whole = true)] Options input) => $"{input.Name}/{input.Depth}";

        [WorkerTask("returns_object")]
        public Person ReturnsObject() => new(2, "ada");

        [WorkerTask("returns_text")]
        public string ReturnsText() => "x";

        [WorkerTask("returns_list")]
        public int[] ReturnsList() => [1, 2];

        [WorkerTask("returns_null")]
        public string? ReturnsNull() => null;

        [WorkerTask("returns_nothing")]
        public void ReturnsNothing()
        {
        }

        [WorkerTask("returns_map")]
        public Dictionary<string, int> ReturnsMap() => new() { ["A"] = 1 };

        [WorkerTask("returns_task")]
        public async Task<Person> ReturnsTask()
        {
            await Task.Yield();
            return new Person(1, "task");
        }

        [WorkerTask("returns_value_task")]
        public async ValueTask<int> ReturnsValueTask()
        {
            await Task.Yield();
            return 5;
        }

        [WorkerTask("returns_done_task")]
        public async Task ReturnsDoneTask() => await Task.Yield();

        [WorkerTask("returns_cycle")]
        public Node ReturnsCycle()
        {
            var node = new Node();
            node.Next = node;
            return node;
        }

        [WorkerTask("fails")]
        public void Fails(string how) => throw how switch
        {
            "terminal" => TaskFailedException.Terminal("no key"),
            "transient" => TaskFailedException.Transient("busy", TimeSpan.FromSeconds(7)),
            _ => new InvalidOperationException("broken"),
        };

        [WorkerTask("later")]
        public TaskResult Later() => new() { Status = TaskResultStatus.IN_PROGRESS, CallbackAfterSeconds = 30 };
    }
}
