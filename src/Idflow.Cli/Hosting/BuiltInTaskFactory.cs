using Idflow.Pipeline.Config;
using Idflow.Tasks;
using Idflow.Tasks.Llm;

namespace Idflow.Cli.Hosting;

/// <summary>Composes the built-in tasks of a project from its configuration, its resources and the keys in the environment.</summary>
internal static class BuiltInTaskFactory
{
    public static BuiltInTasks Create(ProjectSession project)
    {
        var config = project.Config;
        string[] models = [.. new[] { config.ModelsDirectory, Path.Combine(project.Root, "models"), Path.Combine(AppContext.BaseDirectory, "models") }.OfType<string>()];
        return BuiltInTasks.Create(new BuiltInTaskOptions
        {
            ProjectFolder = project.Root,
            CacheFolder = Path.Combine(project.Root, ".idflow", "cache"),
            Documents = project.Documents,
            Evaluator = project.Evaluator,
            Offline = config.Offline,
            ModelFolders = models,
            LlmProviders = config.Llm.Providers.ToDictionary(entry => entry.Key, entry => Provider(entry.Value, config.Llm, project.Context.Environment)),
            DefaultLlmProvider = config.Llm.Provider,
            FindPrompt = (name, version) => project.Resources.Overlay.FindPrompt(version is null ? name : $"{name}.v{version}")?.ReadText(),
            PromptNames = () => [.. project.Resources.Overlay.PromptFiles().Select(file => Path.GetFileNameWithoutExtension(file.Name))],
            Time = project.Context.Environment.TimeProvider,
        });
    }

    private static LlmProvider Provider(LlmProviderConfig block, LlmConfig llm, CliEnvironment environment) => new()
    {
        Name = block.Name,
        Kind = block.Kind,
        BaseUrl = block.BaseUrl,
        ApiKey = block.ApiKeyVariable is { } variable ? environment.Variable(variable) : null,
        ApiKeyVariable = block.ApiKeyVariable,
        Model = block.Model ?? llm.Model,
    };
}
