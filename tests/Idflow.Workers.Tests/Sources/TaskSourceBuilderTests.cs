using System.Text.Json.Nodes;
using Idflow.Workers.Discovery;
using Idflow.Workers.Sources;
using Idflow.Workers.Testing;
using Idflow.Workers.Tests.Fakes;

namespace Idflow.Workers.Tests.Sources;

public sealed class TaskSourceBuilderTests : IDisposable
{
    internal const string Shout = """
        public sealed record Shouted(string Text, int Length);

        public static class Shout
        {
            /// <summary>Says a <paramref name="text"/> loudly, see <see cref="string.ToUpper()"/>.</summary>
            /// <param name="text">What to say.</param>
            [WorkerTask("shout", RetryCount = 1)]
            public static Shouted Run(string text, int times = 1) => new(string.Concat(Enumerable.Repeat(text.ToUpperInvariant(), times)), text.Length);
        }
        """;

    private readonly TaskFolder _folder = new();

    private TaskSourceBuilder Builder => new(_folder.Cache);

    [Fact]
    public async Task A_source_without_directives_is_compiled_in_process_and_described()
    {
        var built = await Builder.BuildAsync(_folder.Write("shout", Shout), TestContext.Current.CancellationToken);

        var definition = Assert.Single(built.Definitions);
        Assert.Equal(("shout", 1), (definition.Name, definition.RetryCount));
        Assert.Equal("Says a text loudly, see ToUpper.", definition.Description);
        Assert.Equal(["text", "times"], definition.InputKeys);
        Assert.Equal(["text", "length"], definition.OutputKeys);
        Assert.Equal("What to say.", definition.InputSchema!["data"]!["properties"]!["text"]!["description"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_built_library_runs()
    {
        var built = await Builder.BuildAsync(_folder.Write("shout", Shout), TestContext.Current.CancellationToken);
        var registry = new WorkerRegistry();
        built.AddTo(registry);

        var run = await new TaskEnvironment(registry).RunAsync("shout", new JsonObject { ["text"] = "hey", ["times"] = 2 }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("""{"text":"HEYHEY","length":3}""", run.Output.ToJsonString());
    }

    [Fact]
    public async Task An_unchanged_source_is_not_compiled_again_and_a_changed_one_is()
    {
        var first = await Builder.BuildAsync(_folder.Write("shout", Shout), TestContext.Current.CancellationToken);
        var written = File.GetLastWriteTimeUtc(first.AssemblyPath);

        var second = await Builder.BuildAsync(_folder.Write("shout", Shout), TestContext.Current.CancellationToken);
        var third = await Builder.BuildAsync(_folder.Write("shout", Shout.Replace("\"shout\"", "\"shout2\"", StringComparison.Ordinal)), TestContext.Current.CancellationToken);

        Assert.Equal(first.AssemblyPath, second.AssemblyPath);
        Assert.Equal(written, File.GetLastWriteTimeUtc(second.AssemblyPath));
        Assert.Equal("shout2", Assert.Single(third.Definitions).Name);
    }

    [Fact]
    public async Task Compile_errors_say_file_line_and_column_and_the_others_go_on()
    {
        var bad = _folder.Write("bad", "public static class Bad\n{\n    public static int X() => \"a\";\n}\n");
        var good = _folder.Write("shout", Shout);

        var (built, failed) = await Builder.BuildAllAsync(TaskSource.FindAll(_folder.Tasks), TestContext.Current.CancellationToken);

        Assert.Equal(good, Assert.Single(built).Source);
        var error = Assert.Single(failed);
        Assert.Equal(bad, error.TaskSource);
        Assert.Equal($"{bad.Path}:3:30: Cannot implicitly convert type 'string' to 'int' (CS0029)", error.Message);
    }

    [Theory]
    [InlineData("public static class Empty { }", "no public method is marked")]
    [InlineData("public static class Hidden { [WorkerTask(\"x\")] static void Run() { } }", "must be public")]
    public async Task A_source_that_serves_nothing_says_why(string text, string expected)
    {
        var error = await Assert.ThrowsAsync<TaskSourceException>(() => Builder.BuildAsync(_folder.Write("odd", text), TestContext.Current.CancellationToken));

        Assert.Contains(expected, error.Message);
        Assert.StartsWith(error.TaskSource.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Packages_without_an_sdk_are_a_clear_error()
    {
        var source = _folder.Write("needs", "#:package Humanizer.Core@3.0.10\n" + Shout);

        var error = await Assert.ThrowsAsync<TaskSourceException>(() => new TaskSourceBuilder(_folder.Cache, "/nowhere/dotnet").BuildAsync(source, TestContext.Current.CancellationToken));

        Assert.StartsWith($"{source.Path}:1:1: '#:package Humanizer.Core@3.0.10' needs the .NET SDK", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Directives_stand_before_the_first_line_of_code()
    {
        var found = SourceDirectives.Of("#!/usr/bin/env dotnet\n// note\n#:package A@1\n\n#:property B=c\nusing X;\n#:package Late@1\n");

        Assert.Equal([(3, "package A@1"), (5, "property B=c")], found);
    }

    public void Dispose() => _folder.Dispose();
}
