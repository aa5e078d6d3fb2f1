using System.Text.Json.Nodes;
using Idflow.Workers.Discovery;
using Idflow.Workers.Sources;
using Idflow.Workers.Testing;
using Idflow.Workers.Tests.Fakes;

namespace Idflow.Workers.Tests.Sources;

public sealed class SdkTaskCompilerTests : IDisposable
{
    private readonly TaskFolder _folder = new();

    private TaskSourceBuilder Builder => new(_folder.Cache);

    [Fact]
    public async Task A_source_with_directives_is_built_with_the_sdk()
    {
        var built = await Builder.BuildAsync(_folder.Write("shout", "#:property LangVersion=latest\n" + TaskSourceBuilderTests.Shout), TestContext.Current.CancellationToken);
        var registry = new WorkerRegistry();
        built.AddTo(registry);
        var run = await new TaskEnvironment(registry).RunAsync("shout", new JsonObject { ["text"] = "sdk" }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("SDK", run.Output["text"]!.GetValue<string>());
        Assert.Equal("Says a text loudly, see ToUpper.", Assert.Single(built.Definitions).Description);
    }

    [Fact]
    public async Task Errors_of_the_sdk_say_file_line_and_column()
    {
        var source = _folder.Write("bad", "#:property LangVersion=latest\npublic static class Bad { public static int X() => \"a\"; }\n");

        var error = await Assert.ThrowsAsync<TaskSourceException>(() => Builder.BuildAsync(source, TestContext.Current.CancellationToken));

        Assert.Equal($"{source.Path}:2:52: Cannot implicitly convert type 'string' to 'int' (CS0029)", error.Message);
    }

    public void Dispose() => _folder.Dispose();
}
