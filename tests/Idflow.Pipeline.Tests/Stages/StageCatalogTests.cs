using Idflow.Documents.Model;
using Idflow.Pipeline.Requirements;
using Idflow.Pipeline.Stages;

namespace Idflow.Pipeline.Tests.Stages;

public sealed class StageCatalogTests
{
    [Fact]
    public void A_whole_definition_is_read()
    {
        var stage = StageFiles.Stage("""
            name: review
            multiple_callable: true
            workflows:
              - name: w
                version: 2
                when: doc.kind === 'x'
                correlationId: c
                inputs: {depth: 2, day: 2024-05-06, list: [a, true, null]}
            requirements:
              file_presence: {key: up, count: 2, count_operator: ==}
              stages: {intake: {status: done}}
              attribute_checks:
                - {attribute: meta.kind, operator: regex, value: '^a', case_sensitive: false}
              list_checks:
                - {attribute: tags, operator: NOT_HAS, value: x}
              extras: [models]
              tasks: [{name: t}, u]
            """);
        Assert.True(stage is { Name: "review", MultipleCallable: true, Active: true, NoEval: false });
        var workflow = Assert.Single(stage.Workflows);
        Assert.Equal(("w", 2, "doc.kind === 'x'", "c"), (workflow.Name, workflow.Version, workflow.When, workflow.CorrelationId));
        Assert.Equal("""{"depth":2,"day":"2024-05-06","list":["a",true,null]}""", workflow.Inputs.ToJsonString());
        Assert.Equal(new FilePresence("up", 2, "=="), stage.Requirements.FilePresence);
        Assert.Equal(new StageRequirement("intake", StageStatus.Done), Assert.Single(stage.Requirements.Stages));
        Assert.Equal(AttributeOperator.REGEX, Assert.Single(stage.Requirements.AttributeChecks).Operator);
        Assert.True(Assert.Single(stage.Requirements.ListChecks).IsNegated);
        Assert.Equal(["t", "u"], stage.Requirements.Tasks);
    }

    [Theory]
    [InlineData("nmae: s\n", "stages/s.yml:1:1: Unknown key 'nmae' in a stage definition. Did you mean 'name'?", 2)]
    [InlineData("name: s\nrequirements:\n  atribute_checks: []\n", "stages/s.yml:3:3: Unknown key 'requirements.atribute_checks' in the stage's requirements. Did you mean 'attribute_checks'?", 1)]
    [InlineData("name: s\nrequirements:\n  attribute_checks:\n    - {attribute: a, operator: EQUALS, value: 1}\n", "stages/s.yml:4:32: 'requirements.attribute_checks[0].operator' is 'EQUALS', which is not an operator.", 1)]
    [InlineData("name: s\nrequirements:\n  attribute_checks:\n    - {attribute: a, operator: REGEX, value: '('}\n", "stages/s.yml:4:46: 'requirements.attribute_checks[0].value' is not a valid regular expression:", 1)]
    [InlineData("name: s\nrequirements:\n  stages:\n    pre: done\n", "stages/s.yml:4:10: 'requirements.stages.pre' must be a map: write 'pre: {status: done}'.", 1)]
    [InlineData("name: off\n", "stages/s.yml:1:7: 'name' must be text (the stage's name); YAML reads off as true or false, so write it in quotes.", 1)]
    [InlineData("name: ../x\n", "stages/s.yml:1:7: 'name' names a folder", 1)]
    [InlineData("name: s\nname: t\n", "stages/s.yml:2:1: The key 'name' stands twice in this map.", 1)]
    [InlineData("name: [s\n", "stages/s.yml:2:1: This is not valid YAML:", 1)]
    [InlineData("", "stages/s.yml: The file is empty", 1)]
    [InlineData("- a\n", "stages/s.yml:1:1: Expected a stage definition: a map of keys and values.", 1)]
    public void A_wrong_definition_says_where_and_how_to_mend_it(string text, string message, int errors)
    {
        var catalog = StageFiles.Catalog(text);
        Assert.Empty(catalog.Stages);
        Assert.Equal(errors, catalog.Errors.Count);
        Assert.StartsWith(message, catalog.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_definition_does_not_stop_the_others()
    {
        var catalog = StageCatalog.Load([StageFiles.File("name: [", name: "a.yml"), StageFiles.File("name: b\n", name: "b.yml")], null);
        Assert.Equal("b", Assert.Single(catalog.Stages).Name);
        Assert.Equal("stages/a.yml", Assert.Single(catalog.Errors).Path);
    }

    [Fact]
    public void Two_files_of_one_layer_cannot_define_the_same_stage()
    {
        var catalog = StageCatalog.Load([StageFiles.File("name: b\n", name: "a.yml"), StageFiles.File("name: b\n", name: "b.yml")], null);
        Assert.StartsWith("stages/b.yml:1:7: The stage 'b' is defined in stages/a.yml too", Assert.Single(catalog.Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_file_over_a_stage_stops_that_stage_and_no_other()
    {
        var catalog = StageCatalog.Load([StageFiles.File("name: s\n", "core"), StageFiles.File("name: other\n", "core", "o.yml"), StageFiles.File("name: s\nrequirements: [\n")], scripts: null);
        Assert.Equal(["other"], catalog.Stages.Select(stage => stage.Name));
        Assert.Equal("stages/s.yml", Assert.Single(catalog.Errors).Path);
    }

    [Fact]
    public void A_higher_layer_merges_maps_and_workflows_and_replaces_the_rest()
    {
        const string Core = """
            name: s
            no_eval: true
            workflows:
              - {name: a, version: 1, inputs: {x: 1, y: 2}}
              - {name: b}
            requirements:
              file_presence: {key: up, count: 2}
              attribute_checks:
                - {attribute: a, operator: EQ, value: 1}
            """;
        const string Project = """
            name: s
            no_eval: false
            workflows:
              - {name: c}
              - {name: a, inputs: {y: 3}}
            requirements:
              file_presence: {count: 5}
              attribute_checks: []
              extras: null
            """;
        var catalog = StageCatalog.Load([StageFiles.File(Core, "core"), StageFiles.File(Project)], null);
        Assert.Empty(catalog.Errors);
        var stage = Assert.Single(catalog.Stages);
        Assert.False(stage.NoEval);
        Assert.Equal(["c", "a", "b"], stage.Workflows.Select(workflow => workflow.Name));
        Assert.Equal("""{"y":3,"x":1}""", stage.Workflows[1].Inputs.ToJsonString());
        Assert.Equal(1, stage.Workflows[1].Version);
        Assert.Equal(new FilePresence("up", 5, ">="), stage.Requirements.FilePresence);
        Assert.Empty(stage.Requirements.AttributeChecks);
        Assert.Equal([new StageSource("stages/s.yml", "project"), new StageSource("core:stages/s.yml", "core")], stage.Sources);
    }

    [Fact]
    public void An_error_in_a_merged_definition_names_the_file_it_stands_in()
    {
        var catalog = StageCatalog.Load([StageFiles.File("name: s\nfoo: 1\n", "core"), StageFiles.File("name: s\n")], null);
        Assert.StartsWith("core:stages/s.yml:2:1: Unknown key 'foo'", Assert.Single(catalog.Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_stages_of_a_project_of_the_original_load()
    {
        var files = Directory.GetFiles(TestData.PathOf("original-stages")).Order(StringComparer.Ordinal).Select(path => StageFiles.File(File.ReadAllText(path), name: Path.GetFileName(path)));
        var catalog = StageCatalog.Load(files, null);
        Assert.Empty(catalog.Errors);
        Assert.Equal(["intake", "manual", "publish", "review"], catalog.Stages.Select(stage => stage.Name));
    }

    [Fact]
    public void An_unknown_stage_offers_the_nearest()
    {
        var error = Assert.Throws<UnknownNameException>(() => StageFiles.Catalog("name: review\n").Get("reviwe"));
        Assert.Equal("There is no stage 'reviwe'. Did you mean 'review'?", error.Message);
    }

    [Fact]
    public void An_alias_bomb_is_refused()
    {
        var bomb = "name: s\na: &a [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 8).Select(level =>
            $"{(char)('a' + level)}: &{(char)('a' + level)} [{string.Join(',', Enumerable.Repeat("*" + (char)('a' + level - 1), 10))}]\n"));
        Assert.Contains("More than 100000 values", StageFiles.Error(bomb).Message, StringComparison.Ordinal);
    }
}
