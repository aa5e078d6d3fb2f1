using System.Text.Json.Nodes;
using Idflow.Pipeline.Sources;
using Idflow.Scripting;

namespace Idflow.Pipeline.Stages;

/// <summary>Reads a stage definition from its YAML tree; every error names file, line, column and key.</summary>
internal sealed class StageReader(IScriptEvaluator? scripts, List<SourceError> errors)
{
    private static readonly string[] Keys = ["name", "active", "no_eval", "multiple_callable", "workflows", "requirements"];

    /// <summary>Null when there was an error; it is in the list then.</summary>
    public StageDefinition? Read(SourceNode root)
    {
        var before = errors.Count;
        var reader = new MapReader(root, "a stage definition", "", errors, Keys);
        var name = reader.Text("name", "the stage's name", required: true);
        if (name is not null && !IsFolderName(name))
        {
            reader.Wrong(root["name"]!, "name", $"names a folder, so '{name}' may hold letters, digits, '_', '-', '.' and blanks only, and begin with a letter or digit");
        }

        var stage = new StageDefinition
        {
            Name = name ?? "",
            Active = reader.Flag("active", true),
            NoEval = reader.Flag("no_eval", false),
            MultipleCallable = reader.Flag("multiple_callable", false),
            Workflows = [.. reader.List("workflows", "the stage's workflows").Select(Workflow).OfType<StageWorkflow>()],
            Requirements = reader.Find("requirements") is { } requirements ? new RequirementsReader(errors).Read(requirements) : new(),
        };
        return errors.Count == before ? stage : null;
    }

    private StageWorkflow? Workflow(SourceNode node, int index)
    {
        var prefix = $"workflows[{index}].";
        var reader = new MapReader(node, "a workflow of the stage", prefix, errors, "name", "version", "when", "inputs", "correlationId");
        var name = reader.Text("name", "the workflow's name", required: true);
        var when = When(reader, prefix);
        return name is null ? null : new StageWorkflow
        {
            Name = name,
            Version = reader.Number("version", least: 1),
            When = when,
            WhenPlace = reader.Find("when") is { } at ? $"{at.Path}:{at.Line}:{at.Column}" : "",
            Inputs = Inputs(reader),
            CorrelationId = reader.Text("correlationId", "a correlation id"),
        };
    }

    private string? When(MapReader reader, string prefix)
    {
        if (reader.Find("when") is not { } node)
        {
            return null;
        }

        if (node.Kind != SourceKind.Scalar)
        {
            reader.Wrong(node, "when", "must be JavaScript over 'doc', as text");
            return null;
        }

        try
        {
            scripts?.CheckSyntax(node.Text);
        }
        catch (ScriptException error)
        {
            errors.Add(node.Error($"'{prefix}when' is not valid JavaScript: {error.Message}"));
        }

        return node.Text;
    }

    private static JsonObject Inputs(MapReader reader)
    {
        if (reader.Find("inputs") is not { } node)
        {
            return [];
        }

        if (node.ToJson() is JsonObject inputs)
        {
            return inputs;
        }

        reader.Wrong(node, "inputs", "must be a map of input names and values");
        return [];
    }

    /// <summary>Stage runs are stored under the stage's name, so it must not leave its folder.</summary>
    private static bool IsFolderName(string name) => char.IsLetterOrDigit(name[0]) && name[^1] is not ('.' or ' ')
        && name.All(character => char.IsLetterOrDigit(character) || character is '_' or '-' or '.' or ' ');
}
