using Idflow.Documents.Model;
using Idflow.Pipeline.Sources;

namespace Idflow.Pipeline.Requirements;

/// <summary>Answers whether a document meets a stage's requirements, and why not. Pure: the same input gives the same answer.</summary>
public static class RequirementEvaluator
{
    /// <param name="stageName">For messages.</param>
    /// <param name="requirements">What is asked.</param>
    /// <param name="document">The document.</param>
    /// <param name="runs">All runs of all stages of the document.</param>
    /// <param name="abilities">What <c>extras</c> can name.</param>
    public static RequirementReport Evaluate(string stageName, StageRequirements requirements, Document document, IReadOnlyList<StageRun> runs, AbilityRegistry abilities)
    {
        var attributes = new DocumentAttributes(document, runs);
        var results = new List<RequirementResult>();
        if (requirements.FilePresence is { } files)
        {
            results.Add(Files(files, document));
        }

        results.AddRange(requirements.Stages.Select(stage => Stage(stage, runs)));
        results.AddRange(requirements.AttributeChecks.Select((check, index) => AttributeCheckEvaluator.Evaluate(stageName, $"attribute_checks[{index}]", check, attributes)));
        results.AddRange(requirements.ListChecks.Select((check, index) => Item($"list_checks[{index}]", check, attributes)));
        results.AddRange(requirements.Extras.Select(name => Extra(stageName, name, abilities)));
        return new RequirementReport(stageName, results);
    }

    private static RequirementResult Files(FilePresence wanted, Document document)
    {
        var count = document.FileReferences.Count(file => string.Equals(file.Key, wanted.Key, StringComparison.Ordinal));
        var holds = wanted.Operator switch
        {
            ">=" => count >= wanted.Count,
            ">" => count > wanted.Count,
            "==" => count == wanted.Count,
            "!=" => count != wanted.Count,
            "<=" => count <= wanted.Count,
            _ => count < wanted.Count,
        };
        return new("file_presence", holds, $"files with the key '{wanted.Key}' {wanted.Operator} {wanted.Count}", Counted(count, "file"))
        {
            Missing = holds ? null : count < wanted.Count
                ? $"add {Counted(wanted.Count - count + (wanted.Operator == ">" ? 1 : 0), "file")} with the key '{wanted.Key}'"
                : $"the number of files with the key '{wanted.Key}' must be {wanted.Operator} {wanted.Count}, it is {count}",
        };
    }

    private static RequirementResult Stage(StageRequirement wanted, IReadOnlyList<StageRun> runs)
    {
        var own = runs.Where(run => string.Equals(run.StageName, wanted.StageName, StringComparison.Ordinal)).ToList();
        var status = Name(wanted.Status);
        var holds = own.Exists(run => run.Status == wanted.Status);
        var found = own.Count == 0 ? "it has not run" : string.Join(", ", own.Select(run => $"run {run.Counter} is {Name(run.Status)}"));
        return new($"stages.{wanted.StageName}", holds, $"a run of the stage '{wanted.StageName}' that is {status}", found)
        {
            Missing = holds ? null : $"no run of the stage '{wanted.StageName}' is {status}",
        };
    }

    private static RequirementResult Item(string key, ListCheck check, DocumentAttributes attributes)
    {
        var wanted = $"{check.Attribute} {check.Operator} {ValueNames.Show(check.Value)}{(check.CaseSensitive ? "" : " (case does not count)")}";
        if (!attributes.TryGet(check.Attribute, out var value) || value is null)
        {
            return new(key, false, wanted, $"no attribute '{check.Attribute}'") { Missing = $"the attribute '{check.Attribute}' must be a list" };
        }

        var found = $"{check.Attribute} = {ValueNames.Show(value)}";
        if (value is not IReadOnlyList<object?> list)
        {
            return new(key, false, wanted, found) { Missing = $"the attribute '{check.Attribute}' must be a list" };
        }

        var has = list.Any(item => PropertyComparison.AreEqual(item, check.Value, check.CaseSensitive));
        var holds = has != check.IsNegated;
        return new(key, holds, wanted, found)
        {
            Missing = holds ? null : $"'{check.Attribute}' must {(check.IsNegated ? "not " : "")}have the item {ValueNames.Show(check.Value)}",
        };
    }

    private static RequirementResult Extra(string stageName, string name, AbilityRegistry abilities)
    {
        var wanted = $"the ability '{name}'";
        if (abilities.Find(name) is { } ability)
        {
            return new($"extras.{name}", ability.IsInstalled, wanted, ability.IsInstalled ? "it is installed" : "it is not installed")
            {
                Missing = ability.IsInstalled ? null : $"install '{name}': {ability.Description}",
            };
        }

        var suggestion = MapReader.Suggest(name, [.. abilities.All.Select(known => known.Name)]);
        return new($"extras.{name}", false, wanted, "no such ability")
        {
            Missing = $"'{name}' is not an ability of idflow. {suggestion}",
            Warning = $"Stage '{stageName}' asks for the unknown ability '{name}' under 'extras'. {suggestion}",
        };
    }

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string Name(StageStatus status) => status.ToString().ToLowerInvariant();
}
