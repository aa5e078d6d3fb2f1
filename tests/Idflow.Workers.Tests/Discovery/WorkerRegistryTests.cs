using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Workers.Discovery;

namespace Idflow.Workers.Tests.Discovery;

public sealed class WorkerRegistryTests
{
    [Fact]
    public void The_definition_comes_from_attribute_and_signature()
    {
        var definition = new WorkerRegistry().AddType(typeof(Good)).Find("good")!.Definition;

        Assert.Equal("good", definition.Name);
        Assert.Equal((5, RetryLogic.FIXED, 9), (definition.RetryCount, definition.RetryLogic, definition.RetryDelaySeconds));
        Assert.Equal((30, 30, TaskTimeoutPolicy.RETRY), (definition.TimeoutSeconds, definition.ResponseTimeoutSeconds, definition.TimeoutPolicy));
        Assert.Equal(4, definition.ConcurrentExecLimit);
        Assert.Equal(["docId", "max_results", "tags"], definition.InputKeys);
        Assert.Equal(["words", "title"], definition.OutputKeys);
    }

    [Fact]
    public void The_schemas_say_types_defaults_and_required_keys()
    {
        var definition = new WorkerRegistry().AddType(typeof(Good)).Find("good")!.Definition;

        Assert.Equal("good_input", definition.InputSchema!["name"]!.GetValue<string>());
        Assert.Equal("JSON", definition.InputSchema["type"]!.GetValue<string>());
        AssertJson("""
            {"type":"object","properties":{"docId":{"type":"string"},"max_results":{"type":"integer","default":10},"tags":{"type":"array","items":{"type":"string"}}},"required":["docId"]}
            """, definition.InputSchema["data"]!);
        AssertJson("""{"type":"integer"}""", definition.OutputSchema!["data"]!["properties"]!["words"]!);
    }

    [Fact]
    public void A_plain_value_is_described_under_result()
    {
        var definition = new WorkerRegistry().AddType(typeof(Good)).Find("static_task")!.Definition;

        Assert.Equal(["result"], definition.OutputKeys);
    }

    [Fact]
    public void Instances_of_types_with_dependencies_come_from_the_activator()
    {
        var made = 0;
        var registry = new WorkerRegistry(type =>
        {
            made++;
            return Activator.CreateInstance(type, "dependency")!;
        }).AddType(typeof(NeedsDependency));

        Assert.Equal(0, made);
        Assert.Equal("NeedsDependency", registry.Find("needs")!.Target()!.GetType().Name);
        _ = registry.Find("needs")!.Target();
        Assert.Equal(1, made);
    }

    [Fact]
    public void An_assembly_is_searched_for_marked_methods()
    {
        var error = Assert.Throws<WorkerDefinitionException>(() => new WorkerRegistry().AddAssembly(typeof(WorkerRegistryTests).Assembly));

        Assert.Equal("Idflow.Workers.Tests", error.Assembly);
        Assert.Empty(new WorkerRegistry().AddAssembly(typeof(string).Assembly).Tasks);
    }

    [Theory]
    [InlineData(typeof(Hidden), "Hidden.Run", null, "must be public")]
    [InlineData(typeof(Generic), "Generic.Run", null, "type parameters")]
    [InlineData(typeof(ByRef), "ByRef.Run", "value", "ref, out and in")]
    [InlineData(typeof(TakesDelegate), "TakesDelegate.Run", "callback", "Action")]
    [InlineData(typeof(TakesStream), "TakesStream.Run", "data", "Stream")]
    [InlineData(typeof(Streams), "Streams.Run", null, "asynchronous sequence")]
    [InlineData(typeof(SameKeyTwice), "SameKeyTwice.Run", "b", "'key'")]
    [InlineData(typeof(NoConstructor), "NoConstructor.Run", null, "constructor")]
    [InlineData(typeof(BadLimits), "BadLimits.Run", null, "Concurrency is 0")]
    [InlineData(typeof(NoName), "NoName.Run", null, "task name")]
    [InlineData(typeof(Twice), "Twice.Second", null, "already served by")]
    [InlineData(typeof(WholeAndMore), "WholeAndMore.Run", "all", "only input")]
    public void What_cannot_be_a_task_is_refused_with_method_and_parameter(Type type, string method, string? parameter, string problem)
    {
        var error = Assert.Throws<WorkerDefinitionException>(() => new WorkerRegistry().AddType(type));

        Assert.EndsWith(method, error.Method, StringComparison.Ordinal);
        Assert.Equal(parameter, error.Parameter);
        Assert.Equal("Idflow.Workers.Tests", error.Assembly);
        Assert.Contains(problem, error.Message);
        Assert.Contains(error.Method!, error.Message);
    }

    private static void AssertJson(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual.ToJsonString());

    public sealed record GoodOutput(int Words, string Title);

    public sealed class Good
    {
        [WorkerTask("good", RetryCount = 5, RetryLogic = RetryLogic.FIXED, RetryDelaySeconds = 9, TimeoutSeconds = 30, ConcurrentExecLimit = 4)]
        public GoodOutput Run(string docId, TaskContext context, [TaskInput("max_results")] int maxResults = 10, IReadOnlyList<string>? tags = null) => new(maxResults, docId);

        [WorkerTask("static_task")]
        public static int Static() => 1;
    }

    public sealed class NeedsDependency(string dependency)
    {
        [WorkerTask("needs")]
        public string Run() => dependency;
    }

    public sealed class Hidden
    {
        [WorkerTask("x")]
        internal void Run()
        {
        }
    }

    public sealed class Generic
    {
        [WorkerTask("x")]
        public void Run<T>(T value)
        {
        }
    }

    public sealed class ByRef
    {
        [WorkerTask("x")]
        public void Run(ref int value)
        {
        }
    }

    public sealed class TakesDelegate
    {
        [WorkerTask("x")]
        public void Run(Action callback)
        {
        }
    }

    public sealed class TakesStream
    {
        [WorkerTask("x")]
        public void Run(FileStream data)
        {
        }
    }

    public sealed class Streams
    {
        [WorkerTask("x")]
        public IAsyncEnumerable<int> Run() => throw new NotSupportedException();
    }

    public sealed class SameKeyTwice
    {
        [WorkerTask("x")]
        public void Run([TaskInput("key")] int a, [TaskInput("key")] int b)
        {
        }
    }

    public sealed class NoConstructor(int value)
    {
        [WorkerTask("x")]
        public int Run() => value;
    }

    public sealed class BadLimits
    {
        [WorkerTask("x", Concurrency = 0)]
        public void Run()
        {
        }
    }

    public sealed class NoName
    {
        [WorkerTask(" ")]
        public void Run()
        {
        }
    }

    public sealed class Twice
    {
        [WorkerTask("x")]
        public void First()
        {
        }

        [WorkerTask("x")]
        public void Second()
        {
        }
    }

    public sealed class WholeAndMore
    {
        [WorkerTask("x")]
        public void Run([TaskInput(Whole = true)] JsonObject all, int more)
        {
        }
    }
}
