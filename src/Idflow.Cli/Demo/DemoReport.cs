using Idflow.Cli.Rendering;
using Idflow.Documents.Model;

namespace Idflow.Cli.Demo;

/// <summary>What the demo made: where the Markdown is, and the draft's beginning with its citations.</summary>
internal static class DemoReport
{
    private const int ExcerptLines = 14;

    public static async Task WriteAsync(Output output, ProjectSession project, string questionId)
    {
        var document = await project.PathOfAsync(questionId).ConfigureAwait(false);
        var runs = await project.Documents.GetStageRunsAsync(questionId).ConfigureAwait(false);
        output.Line($"document   {document}");
        foreach (var (run, name) in runs.SelectMany(run => run.Results.Where(name => !name.Contains('/', StringComparison.Ordinal)).Select(name => (run, name))))
        {
            output.Line($"result     {Path.Combine(Path.GetDirectoryName(document) ?? "", "stages", run.StageName, $"{run.Counter}", name + ".md")}");
        }

        if (await DraftAsync(project, runs).ConfigureAwait(false) is not { } draft)
        {
            output.Warn("There is no draft.");
            return;
        }

        output.Line("");
        var lines = draft.Body.Split('\n');
        foreach (var line in lines.TakeWhile(line => !line.StartsWith("## Sources", StringComparison.Ordinal)).Where(line => line.Length > 0).Take(ExcerptLines))
        {
            output.Line(line);
        }

        output.Line("..");
        foreach (var line in lines.SkipWhile(line => !line.StartsWith("## Sources", StringComparison.Ordinal)).Where(line => line.Length > 0))
        {
            output.Line(line);
        }

        output.Line("");
        output.Line($"Look around: idflow -C {project.Root} doc show {questionId[..8]}");
    }

    private static async Task<StageResult?> DraftAsync(ProjectSession project, IEnumerable<StageRun> runs)
    {
        foreach (var run in runs.Where(run => run.StageName == "blog_post_draft" && run.Results.Count > 0).Reverse())
        {
            return await project.Documents.GetResultAsync(run.DocumentId, run.StageName, run.Counter, run.Results[0]).ConfigureAwait(false);
        }

        return null;
    }
}
