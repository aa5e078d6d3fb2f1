using System.Text.RegularExpressions;
using Idflow.Cli.Tests.TestKit;

namespace Idflow.Cli.Tests.Demo;

/// <summary>The demo as a process, to its end and killed on the way.</summary>
public sealed partial class DemoTests : IDisposable
{
    private const string Question = "kind=blog_post_idea";

    private readonly string _folder = Directory.CreateTempSubdirectory("idflow-demo-").FullName;

    private string Project => Path.Combine(_folder, "demo");

    [Fact]
    public async Task The_demo_ends_with_a_draft_whose_citations_stand_in_its_sources()
    {
        var demo = (await RunAsync("demo", Project)).Succeeded();

        await AssertFinishedAsync();
        var draft = await File.ReadAllTextAsync(Draft());
        Assert.Contains("[1]", demo.Out, StringComparison.Ordinal);
        var documents = (await RunAsync("-C", Project, "doc", "list", "--col", "path")).Succeeded().Lines.Select(File.ReadAllText).Select(Folded).ToList();
        var quotations = Quotation().Matches(draft).Select(match => Folded(match.Groups[1].Value)).ToList();
        Assert.NotEmpty(quotations);
        Assert.All(quotations, quotation => Assert.Contains(documents, document => document.Contains(quotation, StringComparison.Ordinal)));
    }

    /// <summary>Wherever the kill falls, what was accepted is there, <c>run</c> goes on at once, and nothing stands twice.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_demo_that_was_killed_is_finished_by_run(int seed)
    {
        var patience = TimeSpan.FromSeconds(0.7 + (new Random(seed).NextDouble() * 4));
        using (var demo = IdflowProcess.Start(_folder, ["demo", Project]))
        {
            using var limit = new CancellationTokenSource(patience);
            try
            {
                await demo.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                demo.Kill();
                await demo.WaitForExitAsync();
            }
        }

        // Killed before the question was in, there is nothing to go on with: the demo itself does.
        if (!Directory.Exists(Project) || (await RunAsync("-C", Project, "doc", "list", "--count", "--filter", Question)).Text != "1")
        {
            (await RunAsync("demo", Project)).Succeeded();
        }

        (await RunAsync("-C", Project, "run")).Succeeded();
        await AssertFinishedAsync();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task AssertFinishedAsync()
    {
        var stages = (await RunAsync("-C", Project, "doc", "list", "--filter", Question, "--col", "stages")).Succeeded().Text;
        Assert.Equal("blog_post_draft:done research_blog_post_ideas:done", stages);
        Assert.Single(Directory.GetFiles(Project, "blog_post_draft.md", SearchOption.AllDirectories));
        Assert.Single(Directory.GetFiles(Project, "research_topic.md", SearchOption.AllDirectories));
        Assert.Equal("16", (await RunAsync("-C", Project, "doc", "list", "--count")).Succeeded().Text);
    }

    private string Draft() => Directory.GetFiles(Project, "blog_post_draft.md", SearchOption.AllDirectories).Single();

    private Task<ProcessResult> RunAsync(params string[] arguments) => IdflowProcess.RunAsync(_folder, arguments);

    private static string Folded(string text) => Space().Replace(text, " ");

    [GeneratedRegex("“([^”]+)”[^\n]*\\[\\d+\\]")]
    private static partial Regex Quotation();

    [GeneratedRegex("\\s+")]
    private static partial Regex Space();
}
