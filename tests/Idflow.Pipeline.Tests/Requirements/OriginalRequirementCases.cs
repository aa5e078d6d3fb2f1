using System.Text.Json;
using Idflow.Documents.Model;
using Idflow.Pipeline.Requirements;
using Idflow.Pipeline.Sources;
using Idflow.Pipeline.Tests.Stages;

namespace Idflow.Pipeline.Tests.Requirements;

/// <summary>The original's answers, with the intended ones where it is wrong.</summary>
public sealed class OriginalRequirementCases
{
    private static readonly JsonElement Root = JsonDocument.Parse(TestData.Read("requirement-cases.json")).RootElement;

    public static TheoryData<string> Names => [.. Root.GetProperty("cases").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];

    [Fact]
    public void All_192_cases_are_there_with_distinct_names() => Assert.Equal(192, Names.Select(row => row.Data).Distinct().Count());

    [Theory]
    [MemberData(nameof(Names))]
    public void The_answer_is_the_intended_one(string name)
    {
        var item = Root.GetProperty("cases").EnumerateArray().Single(item => item.GetProperty("name").GetString() == name);
        var expected = item.TryGetProperty("intended", out var intended) ? intended : item.GetProperty("original");
        var catalog = StageFiles.Catalog(item.GetProperty("stage").GetString()!);
        if (expected.ValueKind == JsonValueKind.String && !expected.GetString()!.StartsWith("false", StringComparison.Ordinal))
        {
            ExpectNotLoaded(catalog);
            return;
        }

        Assert.Empty(catalog.Errors);
        var stage = Assert.Single(catalog.Stages);
        var report = RequirementEvaluator.Evaluate(stage.Name, stage.Requirements, Document(), Runs(), new AbilityRegistry([new Ability("test", false, "not here")]));
        Assert.Equal(expected.ValueKind == JsonValueKind.True, report.Holds && !stage.NoEval);
        Assert.All(report.Results, result => Assert.Equal(result.Holds, result.Missing is null));
        if (expected.ValueKind == JsonValueKind.String)
        {
            var check = Assert.Single(stage.Requirements.AttributeChecks);
            var warning = Assert.Single(report.Warnings);
            Assert.StartsWith($"Stage 's', attribute '{check.Attribute}': ", warning, StringComparison.Ordinal);
            Assert.Contains("cannot be compared", warning, StringComparison.Ordinal);
        }
    }

    private static void ExpectNotLoaded(Pipeline.Stages.StageCatalog catalog)
    {
        if (catalog.Stages.Count == 1)
        {
            Assert.False(catalog.Stages[0].Active);
            return;
        }

        Assert.Empty(catalog.Stages);
        Assert.All(catalog.Errors, error => Assert.True(error.Line > 0 && error.Column > 0));
        Assert.NotEmpty(catalog.Errors);
    }

    private static Document Document()
    {
        var parts = Root.GetProperty("document").GetString()!.Split("---\n", 3);
        var properties = (PropertyMap)SourceParser.Parse(parts[1], "doc.md")!.ToValue()!;
        var files = ((IReadOnlyList<object?>)properties["_file_refs"]!).Cast<PropertyMap>()
            .Select(file => new FileReference((string)file["key"]!, (string)file["filename"]!, (string)file["uuid"]!, PropertyMap.Empty));
        return new Document
        {
            Id = (string)properties["id"]!,
            Properties = new PropertyMap(properties.Where(entry => entry.Key is not ("id" or "status") && !entry.Key.StartsWith('_'))),
            Body = parts[2],
            FileReferences = [.. files],
        };
    }

    private static IReadOnlyList<StageRun> Runs() =>
    [
        .. Root.GetProperty("stages").EnumerateArray().Select(run => new StageRun
        {
            DocumentId = "00000000-0000-4000-8000-000000000001",
            StageName = run.GetProperty("name").GetString()!,
            Counter = run.GetProperty("counter").GetInt32(),
            Status = Enum.Parse<StageStatus>(run.GetProperty("status").GetString()!, ignoreCase: true),
        }),
    ];
}
