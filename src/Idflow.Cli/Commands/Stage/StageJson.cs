using System.Text.Json.Nodes;
using Idflow.Documents.Model;
using Idflow.Documents.Query;
using Idflow.Pipeline.Evaluation;
using Idflow.Pipeline.Requirements;
using Idflow.Pipeline.Stages;

namespace Idflow.Cli.Commands.Stage;

/// <summary>Stages, their requirements and outcomes as JSON and in short words.</summary>
internal static class StageJson
{
    /// <param name="stage">The definition.</param>
    /// <param name="runs">The runs on a document; null = none was named.</param>
    public static JsonObject Of(StageDefinition stage, IReadOnlyList<StageRun>? runs)
    {
        var json = new JsonObject
        {
            ["name"] = stage.Name,
            ["active"] = stage.Active,
            ["no_eval"] = stage.NoEval,
            ["multiple_callable"] = stage.MultipleCallable,
            ["workflows"] = new JsonArray([.. stage.Workflows.Select(workflow => new JsonObject
            {
                ["name"] = workflow.Name,
                ["version"] = workflow.Version,
                ["when"] = workflow.When,
                ["inputs"] = workflow.Inputs.DeepClone(),
            })]),
            ["requirements"] = Texts(Wanted(stage.Requirements)),
            ["sources"] = new JsonArray([.. stage.Sources.Select(source => new JsonObject { ["path"] = source.Path, ["origin"] = source.Origin })]),
        };
        if (runs is not null)
        {
            json["runs"] = new JsonArray([.. runs.Where(run => run.StageName == stage.Name).Select(run => Of(run))]);
        }

        return json;
    }

    public static JsonObject Of(StageRun run) => new()
    {
        ["counter"] = run.Counter,
        ["status"] = run.Status.ToString().ToLowerInvariant(),
        ["workflow_id"] = run.WorkflowId,
        ["reason"] = run.Reason,
        ["results"] = Texts(run.Results),
    };

    public static JsonObject Of(string documentId, StageOutcome outcome) => new()
    {
        ["document"] = documentId,
        ["stage"] = outcome.StageName,
        ["decision"] = outcome.Decision.ToString().ToLowerInvariant(),
        ["reason"] = outcome.Reason,
        ["run"] = outcome.Run is { } run ? Of(run) : null,
        ["requirements"] = outcome.Requirements is { } report ? new JsonArray([.. report.Results.Select(Of)]) : null,
        ["warnings"] = Texts(outcome.Warnings.Concat(outcome.Requirements?.Warnings ?? [])),
    };

    /// <summary>The requirements in a few words: <c>kind EQ "post"; stage research done</c>.</summary>
    public static string Summary(StageRequirements requirements) => string.Join("; ", Wanted(requirements));

    private static JsonObject Of(RequirementResult result) => new()
    {
        ["key"] = result.Key,
        ["holds"] = result.Holds,
        ["wanted"] = result.Wanted,
        ["found"] = result.Found,
        ["missing"] = result.Missing,
    };

    private static IEnumerable<string> Wanted(StageRequirements requirements)
    {
        if (requirements.FilePresence is { } files)
        {
            yield return $"files {files.Key} {files.Operator} {files.Count}";
        }

        foreach (var stage in requirements.Stages)
        {
            yield return $"stage {stage.StageName} {stage.Status.ToString().ToLowerInvariant()}";
        }

        foreach (var check in requirements.AttributeChecks)
        {
            yield return $"{check.Attribute} {check.Operator} {PropertyText.Of(check.Value)}";
        }

        foreach (var check in requirements.ListChecks)
        {
            yield return $"{check.Attribute} {check.Operator} {PropertyText.Of(check.Value)}";
        }

        foreach (var extra in requirements.Extras)
        {
            yield return $"ability {extra}";
        }
    }

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];
}
