using System.Text.Json.Nodes;
using Idflow.Workers.Discovery;
using Idflow.Workers.Sources;
using Idflow.Workers.Testing;
using Idflow.Workers.Tests.Fakes;

namespace Idflow.Workers.Tests.Sources;

/// <summary>The example of the guide works as the guide says.</summary>
public sealed class GuideTests : IDisposable
{
    private readonly TaskFolder _folder = new();

    [Fact]
    public async Task The_task_of_the_guide_gives_the_output_of_the_guide()
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Data", "tasks.md"), TestContext.Current.CancellationToken);
        var source = Between(guide, "```csharp\n", "```");
        var input = Between(guide, "--input '", "'\n");
        var shown = Between(guide, "1 words\n", "$ ");
        var registry = new WorkerRegistry();
        (await new TaskSourceBuilder(_folder.Cache).BuildAsync(_folder.Write("word_count", source), TestContext.Current.CancellationToken)).AddTo(registry);

        var run = await new TaskEnvironment(registry).RunAsync("word_count", (JsonObject)JsonNode.Parse(input)!, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(shown), run.Output), run.Output.ToJsonString());
        Assert.Equal(["1 words"], run.Log);
        Assert.Equal("Counts the words and sentences of a text and finds its longest word.", registry.Find("word_count")!.Definition.Description);
    }

    public void Dispose() => _folder.Dispose();

    private static string Between(string text, string before, string after)
    {
        var start = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return text[start..text.IndexOf(after, start, StringComparison.Ordinal)];
    }
}
