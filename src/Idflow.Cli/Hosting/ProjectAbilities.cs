using Idflow.Pipeline.Requirements;

namespace Idflow.Cli.Hosting;

/// <summary>The optional abilities that a project has here and now; what <c>extras</c> of a stage can ask for.</summary>
internal static class ProjectAbilities
{
    public static AbilityRegistry Of(ProjectSession project)
    {
        var models = new[] { project.Config.ModelsDirectory, Path.Combine(project.Root, "models"), Path.Combine(AppContext.BaseDirectory, "models") };
        var hasModel = models.OfType<string>().Any(folder => Directory.Exists(folder) && Directory.EnumerateDirectories(folder).Any());
        return new AbilityRegistry(
        [
            new Ability("research", true, "Research over the project's own documents."),
            new Ability("keywords", true, "Keyword extraction."),
            new Ability("vectors", hasModel, "Sentence vectors; needs a model folder under models/."),
            new Ability("llm", project.Config.Llm.Provider is not null, "A language model; needs 'llm.provider' in config/idflow.yml."),
            new Ability("web", !project.Config.Offline, "Web search and pages; 'offline: true' in config/idflow.yml turns it off."),
        ]);
    }
}
