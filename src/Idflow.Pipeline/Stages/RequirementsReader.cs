using Idflow.Documents;
using Idflow.Documents.Model;
using Idflow.Documents.Query;
using Idflow.Pipeline.Requirements;
using Idflow.Pipeline.Sources;

namespace Idflow.Pipeline.Stages;

/// <summary>Reads the <c>requirements</c> of a stage.</summary>
internal sealed class RequirementsReader(List<SourceError> errors)
{
    private const string Prefix = "requirements.";

    public StageRequirements Read(SourceNode node)
    {
        var reader = new MapReader(node, "the stage's requirements", Prefix, errors, "file_presence", "stages", "attribute_checks", "list_checks", "extras", "tasks");
        return new StageRequirements
        {
            FilePresence = reader.Find("file_presence") is { } files ? Files(files) : null,
            Stages = reader.Find("stages") is { } stages ? Stages(stages) : [],
            AttributeChecks = [.. reader.List("attribute_checks", "a list of checks").Select(Attribute).OfType<AttributeCheck>()],
            ListChecks = [.. reader.List("list_checks", "a list of checks").Select(Item).OfType<ListCheck>()],
            Extras = Names(reader, "extras", "a list of abilities"),
            Tasks = Names(reader, "tasks", "a list of task names"),
        };
    }

    private FilePresence? Files(SourceNode node)
    {
        var reader = new MapReader(node, "one file requirement", Prefix + "file_presence.", errors, "key", "count", "count_operator");
        var key = reader.Text("key", "the key of the files", required: true);
        var comparison = reader.Text("count_operator", "a comparison") ?? ">=";
        if (!FilePresence.Operators.Contains(comparison))
        {
            reader.Wrong(reader.Find("count_operator")!, "count_operator", $"is '{comparison}'; it must be one of {string.Join(" ", FilePresence.Operators)}");
        }

        return key is null ? null : new FilePresence(key, reader.Number("count") ?? 1, comparison);
    }

    private List<StageRequirement> Stages(SourceNode node)
    {
        if (node.Kind != SourceKind.Map)
        {
            errors.Add(node.Error($"'{Prefix}stages' must be a map of stage names, each with a status: 'review: {{status: done}}'."));
        }

        return [.. node.Entries.Select(Stage).OfType<StageRequirement>()];
    }

    private StageRequirement? Stage(SourceEntry entry)
    {
        var key = $"{Prefix}stages.{entry.Key}";
        if (entry.Value.Kind == SourceKind.Scalar)
        {
            errors.Add(entry.Value.Error($"'{key}' must be a map: write '{entry.Key}: {{status: {(entry.Value.IsNull ? "done" : entry.Value.Text)}}}'."));
            return null;
        }

        var reader = new MapReader(entry.Value, "the wanted state of a stage", key + ".", errors, "status");
        var text = reader.Text("status", "the status that a run of the stage must have", required: true);
        string[] known = [.. Enum.GetNames<StageStatus>().Select(name => name.ToLowerInvariant())];
        if (text is null)
        {
            return null;
        }

        if (!known.Contains(text))
        {
            reader.Wrong(reader.Find("status")!, "status", $"is '{text}', which is not a status of a stage. {MapReader.Suggest(text, known)} The statuses are {string.Join(", ", known)}");
            return null;
        }

        return new StageRequirement(entry.Key, Enum.Parse<StageStatus>(text, ignoreCase: true));
    }

    private AttributeCheck? Attribute(SourceNode node, int index)
    {
        var reader = Check(node, $"attribute_checks[{index}].");
        var attribute = reader.Text("attribute", "the name of the attribute", required: true);
        var comparison = Operator<AttributeOperator>(reader);
        var value = reader.Require("value", "what the attribute is compared with");
        var caseSensitive = reader.Flag("case_sensitive", true);
        if (attribute is null || comparison is not { } known || value is null)
        {
            return null;
        }

        var check = new AttributeCheck(attribute, known, value.ToValue(), caseSensitive);
        return known switch
        {
            AttributeOperator.CP or AttributeOperator.NP => WithPattern(reader, check, value),
            AttributeOperator.REGEX or AttributeOperator.NOT_REGEX => WithRegex(reader, check, value),
            _ => check,
        };
    }

    private static AttributeCheck? WithPattern(MapReader reader, AttributeCheck check, SourceNode value)
    {
        if (check.Value is not string pattern)
        {
            reader.Wrong(value, "value", "must be text in quotes: a pattern with * and ?");
            return null;
        }

        try
        {
            return check with { Pattern = Wildcard.Parse(PropertyComparison.Fold(pattern, check.CaseSensitive)) };
        }
        catch (FilterException error)
        {
            reader.Wrong(value, "value", $"is not a valid pattern: {error.Message.TrimEnd('.')}");
            return null;
        }
    }

    private static AttributeCheck? WithRegex(MapReader reader, AttributeCheck check, SourceNode value)
    {
        if (check.Value is not string pattern)
        {
            reader.Wrong(value, "value", "must be text in quotes: a regular expression");
            return null;
        }

        try
        {
            return check with { Regex = BoundedRegex.Parse(pattern, check.CaseSensitive) };
        }
        catch (ArgumentException error)
        {
            reader.Wrong(value, "value", $"is not a valid regular expression: {error.Message.TrimEnd('.')}");
            return null;
        }
    }

    private ListCheck? Item(SourceNode node, int index)
    {
        var reader = Check(node, $"list_checks[{index}].");
        var attribute = reader.Text("attribute", "the name of the list attribute", required: true);
        var comparison = Operator<ListOperator>(reader);
        var value = reader.Require("value", "the item to look for");
        var caseSensitive = reader.Flag("case_sensitive", true);
        return attribute is null || comparison is not { } known || value is null ? null : new ListCheck(attribute, known, value.ToValue(), caseSensitive);
    }

    private MapReader Check(SourceNode node, string key) =>
        new(node, "a check", Prefix + key, errors, "attribute", "operator", "value", "case_sensitive");

    /// <summary>An operator in any letter case.</summary>
    private static T? Operator<T>(MapReader reader)
        where T : struct, Enum
    {
        var text = reader.Text("operator", "the comparison", required: true);
        if (text is null)
        {
            return null;
        }

        var known = Enum.GetNames<T>();
        if (known.FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) is { } name)
        {
            return Enum.Parse<T>(name);
        }

        reader.Wrong(reader.Find("operator")!, "operator", $"is '{text}', which is not an operator. {MapReader.Suggest(text, known)} The operators are {string.Join(" ", known)}");
        return null;
    }

    private List<string> Names(MapReader reader, string key, string what)
    {
        var names = new List<string>();
        foreach (var (item, index) in reader.List(key, what).Select((item, index) => (item, index)))
        {
            var name = item.Kind == SourceKind.Map
                ? new MapReader(item, "a name", $"{Prefix}{key}[{index}].", errors, "name").Text("name", "the name", required: true)
                : item is { Kind: SourceKind.Scalar, Text.Length: > 0 } ? item.Text : null;
            if (name is not null)
            {
                names.Add(name);
            }
            else if (item.Kind != SourceKind.Map)
            {
                errors.Add(item.Error($"'{Prefix}{key}[{index}]' must be a name."));
            }
        }

        return names;
    }
}
