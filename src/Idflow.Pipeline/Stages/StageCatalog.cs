using Idflow.Pipeline.Resources;
using Idflow.Pipeline.Sources;
using Idflow.Scripting;

namespace Idflow.Pipeline.Stages;

/// <summary>
/// The stages of a project: <c>stages/*.yml</c> of all layers, known by their name. A broken definition is an error of the
/// catalog and does not stop the others.
/// </summary>
public sealed class StageCatalog
{
    private StageCatalog(IReadOnlyList<StageDefinition> stages, IReadOnlyList<SourceError> errors)
    {
        Stages = stages;
        Errors = errors;
    }

    /// <summary>All readable stages by name, inactive ones too.</summary>
    public IReadOnlyList<StageDefinition> Stages { get; }

    public IReadOnlyList<SourceError> Errors { get; }

    /// <summary>A catalog of definitions made in code.</summary>
    public static StageCatalog Of(params IEnumerable<StageDefinition> stages) => new([.. stages.OrderBy(stage => stage.Name, StringComparer.Ordinal)], []);

    /// <param name="files">Definition files from the lowest layer to the highest; the later one wins.</param>
    /// <param name="scripts">Checks the syntax of <c>when</c>; null leaves that to the evaluation.</param>
    public static StageCatalog Load(IEnumerable<ResourceFile> files, IScriptEvaluator? scripts)
    {
        var errors = new List<SourceError>();
        var definitions = new Dictionary<string, Layered>(StringComparer.Ordinal);
        var byFile = new Dictionary<(string Origin, string Name), string>();
        foreach (var file in files)
        {
            var root = Parse(file, errors);
            if (root is null)
            {
                // What the file would have changed in the stage of a lower layer is not known, so that one does not run either.
                if (Path.GetFileNameWithoutExtension(file.Name) is var covered && definitions.TryGetValue(covered, out var lower) && lower.Sources[0].Origin != file.Origin)
                {
                    definitions.Remove(covered);
                }

                continue;
            }

            var name = root["name"] is { Kind: SourceKind.Scalar } node && node.ToValue() is string text ? text : $"\0{file.Location}";
            if (!byFile.TryAdd((file.Origin, name), file.Location))
            {
                errors.Add(root["name"]!.Error($"The stage '{name}' is defined in {byFile[(file.Origin, name)]} too; one of them must have another name."));
                continue;
            }

            var source = new StageSource(file.Location, file.Origin);
            definitions[name] = definitions.TryGetValue(name, out var below)
                ? new Layered(StageMerge.Over(root, below.Root), [source, .. below.Sources])
                : new Layered(root, [source]);
        }

        var reader = new StageReader(scripts, errors);
        var stages = definitions.Values
            .Select(definition => reader.Read(definition.Root) is { } stage ? stage with { Sources = definition.Sources } : null)
            .OfType<StageDefinition>()
            .OrderBy(stage => stage.Name, StringComparer.Ordinal);
        return new StageCatalog([.. stages], errors);
    }

    /// <exception cref="UnknownNameException">No stage has that name; the message offers the nearest one.</exception>
    public StageDefinition Get(string name) => Stages.FirstOrDefault(stage => stage.Name == name)
        ?? throw new UnknownNameException($"There is no stage '{name}'. {MapReader.Suggest(name, [.. Stages.Select(stage => stage.Name)])}");

    private static SourceNode? Parse(ResourceFile file, List<SourceError> errors)
    {
        try
        {
            var root = SourceParser.Parse(file.ReadText(), file.Location);
            if (root is null)
            {
                errors.Add(new SourceError(file.Location, 0, 0, "The file is empty; a stage definition needs at least 'name: ..'."));
            }

            return root;
        }
        catch (DefinitionException error)
        {
            errors.AddRange(error.Errors);
            return null;
        }
    }

    private sealed record Layered(SourceNode Root, IReadOnlyList<StageSource> Sources);
}
