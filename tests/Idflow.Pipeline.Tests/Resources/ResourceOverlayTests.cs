using Idflow.Pipeline.Config;
using Idflow.Pipeline.Resources;
using Idflow.Pipeline.Stages;

namespace Idflow.Pipeline.Tests.Resources;

public sealed class ResourceOverlayTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_shipped_stages_and_workflows_load_without_an_error()
    {
        var overlay = Overlay();
        var stages = StageCatalog.Load(overlay.StageFiles(), null);
        var workflows = WorkflowCatalog.Load(overlay);
        Assert.Empty(stages.Errors);
        Assert.Empty(workflows.Errors);
        Assert.Equal(["blog_post_draft", "research_blog_post_ideas"], stages.Stages.Select(stage => stage.Name));
        Assert.Equal(["blog_post_draft", "research_topic", "stage_evaluation_trigger", "stage_failure", "stage_sub_workflow", "stage_workflow"], workflows.Workflows.Select(workflow => workflow.Name));
        Assert.All(stages.Stages.SelectMany(stage => stage.Workflows), workflow => Assert.NotNull(workflows.Find(workflow.Name, workflow.Version)));
        Assert.Equal(["idflow_stage_blocked", "idflow_stage_completed"], workflows.EventHandlers.Select(handler => handler.Definition.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_projects_folder_replaces_the_whole_folder_of_that_name_below()
    {
        _folder.Write("workflows/research_topic/mine.json", Workflow("mine"));
        var catalog = WorkflowCatalog.Load(Overlay());
        Assert.Null(catalog.Find("research_topic"));
        Assert.Equal(("project", "workflows/research_topic/mine.json"), (catalog.Get("mine").Origin, catalog.Get("mine").Location));
        Assert.Equal("core:workflows/blog_post_draft/blog_post_draft.json", catalog.Get("blog_post_draft").Location);
    }

    [Fact]
    public void A_projects_workflow_in_another_folder_wins_over_the_core_one_of_its_name()
    {
        _folder.Write("workflows/mine/x.json", Workflow("research_topic"));
        Assert.Equal("project", WorkflowCatalog.Load(Overlay()).Get("research_topic").Origin);
    }

    [Fact]
    public void Vendors_lie_between_core_and_project_by_priority()
    {
        _folder.Write("a/prompts/p.md", "a");
        _folder.Write("b/prompts/p.md", "b");
        _folder.Write("b/prompts/q.md", "b");
        _folder.Write("prompts/q.md", "project");
        _folder.Write("config/vendors.d/a.toml", "priority = 200\n[source]\ntype = \"path\"\npath = \"a\"\n");
        _folder.Write("config/vendors.d/b.toml", "[source]\ntype = \"path\"\npath = \"b\"\n");
        var overlay = Overlay();
        Assert.Equal(["core", "vendor:b", "vendor:a", "project"], overlay.Layers.Select(layer => layer.Origin));
        Assert.Equal(("vendor:a", "a"), (overlay.FindPrompt("p")!.Origin, overlay.FindPrompt("p")!.ReadText()));
        Assert.Equal("project", overlay.FindPrompt("q")!.Origin);
        Assert.Null(overlay.FindPrompt("none"));
    }

    [Fact]
    public void A_file_in_another_place_is_not_a_definition()
    {
        _folder.Write("stages/sub/x.yml", "name: [");
        _folder.Write("stages/x.yaml", "name: [");
        _folder.Write("workflows/x.json", "{");
        Assert.Empty(StageCatalog.Load(Overlay().StageFiles(), null).Errors);
        Assert.Empty(WorkflowCatalog.Load(Overlay()).Errors);
    }

    [Theory]
    [InlineData("{\n  \"name\": \"x\",\n  \"tasks\": [,]\n}", "workflows/w/w.json:3:13: This is not a workflow definition")]
    [InlineData("{\n  \"name\": \"x\",\n  \"version\": [1],\n  \"tasks\": []\n}", "workflows/w/w.json:3:")]
    [InlineData("{\"name\": \"x\"}", "workflows/w/w.json: The workflow 'x' has no 'tasks'.")]
    [InlineData("{\"tasks\": []}", "workflows/w/w.json: 'name' is missing")]
    [InlineData("null", "workflows/w/w.json:1:1: Expected a workflow definition, not null.")]
    public void A_broken_workflow_file_says_where_and_stops_no_other(string text, string message)
    {
        _folder.Write("workflows/w/w.json", text);
        var catalog = WorkflowCatalog.Load(Overlay());
        Assert.StartsWith(message, Assert.Single(catalog.Errors).ToString(), StringComparison.Ordinal);
        Assert.NotNull(catalog.Find("stage_workflow"));
    }

    [Fact]
    public void The_same_workflow_twice_in_one_layer_is_an_error()
    {
        _folder.Write("workflows/w/a.json", Workflow("x"));
        _folder.Write("workflows/w/b.json", Workflow("x"));
        Assert.Contains("Version 1 of the workflow 'x' is defined in workflows/w/a.json too", Assert.Single(WorkflowCatalog.Load(Overlay()).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_workflow_offers_the_nearest()
    {
        var catalog = WorkflowCatalog.Load(Overlay());
        Assert.Equal("There is no workflow 'reserch_topic'. Did you mean 'research_topic'?", Assert.Throws<UnknownNameException>(() => catalog.Get("reserch_topic")).Message);
        Assert.Contains("has no version 7", Assert.Throws<UnknownNameException>(() => catalog.Get("research_topic", 7)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[source\n", "config/vendors.d/v.toml:1:")]
    [InlineData("", "config/vendors.d/v.toml: '[source]' is missing")]
    [InlineData("[source]\ntype = \"svn\"\n", "config/vendors.d/v.toml: 'source.type' is 'svn'; it must be \"path\" or \"git\".")]
    [InlineData("[source]\ntype = \"path\"\n", "config/vendors.d/v.toml: 'source.path' is missing.")]
    [InlineData("[source]\ntype = \"git\"\nurl = \"x\"\nsubdir = \"../..\"\n", "config/vendors.d/v.toml: 'source.subdir' leaves the repository.")]
    [InlineData("enabled = \"no\"\n[source]\ntype = \"path\"\npath = \"a\"\n", "config/vendors.d/v.toml: 'enabled' must be true or false.")]
    [InlineData("[source]\ntype = \"path\"\npath = \"a\"\nenabeld = true\n", "config/vendors.d/v.toml: 'source.enabeld' is not a known key.")]
    [InlineData("name = \"../x\"\n[source]\ntype = \"path\"\npath = \"a\"\n", "config/vendors.d/v.toml: 'name' is '../x'")]
    public void A_broken_vendor_file_says_what_is_wrong(string text, string message)
    {
        _folder.Write("config/vendors.d/v.toml", text);
        Assert.StartsWith(message, VendorCatalog.Load(Config()).Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_git_vendor_is_fetched_at_its_ref_and_then_part_of_the_overlay()
    {
        var repository = _folder.Folder("upstream");
        LibGit2Sharp.Repository.Init(repository);
        using (var git = new LibGit2Sharp.Repository(repository))
        {
            var author = new LibGit2Sharp.Signature("a", "a@example.com", DateTimeOffset.UnixEpoch);
            _folder.Write("upstream/pack/prompts/p.md", "one");
            LibGit2Sharp.Commands.Stage(git, "*");
            git.Tags.Add("v1", git.Commit("one", author, author, new LibGit2Sharp.CommitOptions()));
            _folder.Write("upstream/pack/prompts/p.md", "two");
            LibGit2Sharp.Commands.Stage(git, "*");
            git.Commit("two", author, author, new LibGit2Sharp.CommitOptions());
        }

        _folder.Write("config/vendors.d/v.toml", $"[source]\ntype = \"git\"\nurl = '{repository}'\nref = \"v1\"\nsubdir = \"pack\"\n");
        var vendor = VendorCatalog.Load(Config()).Get("v");
        Assert.False(vendor.IsAvailable);
        Assert.Null(Overlay().FindPrompt("p"));
        VendorFetcher.Fetch(vendor);
        Assert.Equal("one", Overlay().FindPrompt("p")!.ReadText());

        var wrong = Assert.Throws<PipelineException>(() => VendorFetcher.Fetch(vendor with { Ref = "v9" }));
        Assert.Contains("no branch, tag or commit 'v9'", wrong.Message, StringComparison.Ordinal);
        Assert.Equal("one", Overlay().FindPrompt("p")!.ReadText());
        Assert.Throws<PipelineException>(() => VendorFetcher.Fetch(vendor with { Url = Path.Combine(_folder.Path, "nowhere") }));
    }

    private static string Workflow(string name) => $$"""{"name": "{{name}}", "tasks": [{"name": "n", "taskReferenceName": "n", "type": "NOOP"}]}""";

    private ProjectConfig Config() => ProjectConfigLoader.Load(_folder.Path, new ConfigOverrides());

    private ResourceOverlay Overlay() => ResourceOverlay.Of(Config(), VendorCatalog.Load(Config()).Vendors);
}
