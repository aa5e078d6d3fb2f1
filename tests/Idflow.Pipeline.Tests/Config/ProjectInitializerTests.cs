using Idflow.Pipeline.Config;
using Idflow.Pipeline.Resources;
using Idflow.Scripting;

namespace Idflow.Pipeline.Tests.Config;

public sealed class ProjectInitializerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_new_project_has_no_problems_and_leaves_nothing_beside_it(bool empty)
    {
        var project = Path.Combine(_folder.Path, "p");
        var files = ProjectInitializer.Create(project, empty);
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(project, file)), file));
        Assert.Contains(".gitignore", files);
        Assert.Equal(!empty, files.Contains("stages/README.md"));
        Assert.Equal(["p"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
        Assert.True(ProjectLocator.IsProject(project));
        var config = ProjectConfigLoader.Load(project, new ConfigOverrides());
        Assert.Empty(new ProjectResources(config, new JavaScriptSandbox()).Problems());
    }

    [Fact]
    public void In_a_folder_that_exists_nothing_is_overwritten()
    {
        _folder.Write(".gitignore", "mine");
        _folder.Write("notes.txt", "mine");
        var files = ProjectInitializer.Create(_folder.Path);
        Assert.DoesNotContain(".gitignore", files);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder.Path, ".gitignore")));
        Assert.True(ProjectLocator.IsProject(_folder.Path));
    }

    [Fact]
    public void A_project_or_a_file_is_refused()
    {
        ProjectInitializer.Create(_folder.Path);
        Assert.Contains("already", Assert.Throws<PipelineException>(() => ProjectInitializer.Create(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("is a file", Assert.Throws<PipelineException>(() => ProjectInitializer.Create(_folder.Write("f", ""))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Core_resources_can_be_copied_into_a_project()
    {
        var copied = VendorCopier.Copy(new CoreLayer(), _folder.Path, ["workflows/research_topic", "stages"], overwrite: false);
        Assert.Contains(new CopiedFile("stages/blog_post_draft.yml", "core", false), copied);
        Assert.Contains(new CopiedFile("workflows/research_topic/research_topic.json", "core", false), copied);
        _folder.Write("stages/blog_post_draft.yml", "mine");
        Assert.Contains(new CopiedFile("stages/blog_post_draft.yml", "core", true), VendorCopier.Copy(new CoreLayer(), _folder.Path, [], overwrite: false));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder.Path, "stages/blog_post_draft.yml")));
        VendorCopier.Copy(new CoreLayer(), _folder.Path, ["stages/blog_post_draft.yml"], overwrite: true);
        Assert.StartsWith("# Writes the draft", File.ReadAllText(Path.Combine(_folder.Path, "stages/blog_post_draft.yml")), StringComparison.Ordinal);
        Assert.Contains("Did you mean 'workflows/research_topic'?", Assert.Throws<UnknownNameException>(() => VendorCopier.Copy(new CoreLayer(), _folder.Path, ["workflows/reserch_topic"], false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_name_missing_workflows_and_vendors()
    {
        ProjectInitializer.Create(_folder.Path);
        _folder.Write("stages/s.yml", "name: s\nworkflows: [{name: reserch_topic}]\n");
        _folder.Write("config/vendors.d/v.toml", "[source]\ntype = \"path\"\npath = \"gone\"\n");
        var problems = new ProjectResources(ProjectConfigLoader.Load(_folder.Path, new ConfigOverrides()), null).Problems().ToList();
        Assert.Equal(2, problems.Count);
        Assert.All(problems, problem => Assert.True(problem.IsWarning));
        Assert.Contains("Did you mean 'research_topic'?", problems[1].Message, StringComparison.Ordinal);
    }
}
