using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Workers.Discovery;

namespace Idflow.Workers.Sources;

/// <summary>
/// Builds task sources, each once for its content: <c>&lt;cache&gt;/&lt;name&gt;-&lt;hash&gt;/</c> holds the library and a manifest of its tasks.
/// The cache may be deleted at any time. No code of a source runs here; its library is only read for its signatures.
/// </summary>
public sealed class TaskSourceBuilder
{
    private const string ManifestName = "manifest.json";
    private readonly string _cache;
    private readonly RoslynTaskCompiler _inProcess = new();
    private readonly SdkTaskCompiler _sdk;

    /// <param name="cacheDirectory">For example <c>.idflow/cache/tasks</c> of a project; made when needed.</param>
    /// <param name="dotnet">The <c>dotnet</c> command, for sources with <c>#:</c> lines.</param>
    public TaskSourceBuilder(string cacheDirectory, string dotnet = "dotnet")
    {
        _cache = cacheDirectory;
        _sdk = new SdkTaskCompiler(dotnet);
    }

    /// <summary>Builds all of them; what cannot be built is reported beside what can.</summary>
    public async Task<(IReadOnlyList<BuiltTaskSource> Built, IReadOnlyList<TaskSourceException> Failed)> BuildAllAsync(IEnumerable<TaskSource> sources, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var built = new List<BuiltTaskSource>();
        var failed = new List<TaskSourceException>();
        foreach (var source in sources)
        {
            try
            {
                built.Add(await BuildAsync(source, cancellationToken));
            }
            catch (TaskSourceException e)
            {
                failed.Add(e);
            }
        }

        return (built, failed);
    }

    /// <exception cref="TaskSourceException">It does not compile, has no task, or has one that cannot run.</exception>
    public async Task<BuiltTaskSource> BuildAsync(TaskSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            var text = await File.ReadAllTextAsync(source.Path, cancellationToken);
            var folder = Path.Combine(_cache, $"{source.Name}-{HashOf(source, text)}");
            if (!Directory.Exists(folder))
            {
                await CompileAsync(source, text, folder, cancellationToken);
            }

            var assembly = Path.Combine(folder, source.Name + ".dll");
            return new BuiltTaskSource(source, assembly, ReadManifest(folder) ?? Describe(source, assembly, folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TaskSourceException(source, e.Message);
        }
    }

    private async Task CompileAsync(TaskSource source, string text, string folder, CancellationToken cancellationToken)
    {
        // Built aside and renamed, so that a build cut short leaves nothing that looks whole.
        var work = Path.Combine(_cache, $".{source.Name}-{Path.GetRandomFileName()}");
        Directory.CreateDirectory(work);
        try
        {
            ITaskCompiler compiler = SourceDirectives.Of(text).Count > 0 ? _sdk : _inProcess;
            await compiler.CompileAsync(source, text, work, cancellationToken);
            RemoveOlder(source);
            if (!Directory.Exists(folder))
            {
                Directory.Move(work, folder);
            }
        }
        finally
        {
            if (Directory.Exists(work))
            {
                Directory.Delete(work, recursive: true);
            }
        }
    }

    private static IReadOnlyList<TaskDef> Describe(TaskSource source, string assembly, string folder)
    {
        var context = new TaskLoadContext(assembly, collectible: true);
        try
        {
            var definitions = new WorkerRegistry().AddAssembly(context.LoadMain()).Definitions;
            if (definitions.Count == 0)
            {
                throw new TaskSourceException(source, "no public method is marked [WorkerTask(\"name\")], so it serves no task.");
            }

            var manifest = Path.Combine(folder, ManifestName);
            var temporary = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllBytes(temporary, ConductorJson.SerializeToUtf8Bytes(definitions));
            File.Move(temporary, manifest, overwrite: true);
            return definitions;
        }
        catch (WorkerDefinitionException e)
        {
            throw new TaskSourceException(source, e.Message);
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException)
        {
            throw new TaskSourceException(source, $"the compiled library cannot be loaded: {e.Message}");
        }
        finally
        {
            context.Unload();
        }
    }

    private static IReadOnlyList<TaskDef>? ReadManifest(string folder)
    {
        var path = Path.Combine(folder, ManifestName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), ConductorJson.TypeOf<IReadOnlyList<TaskDef>>()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Source, build settings beside it, and the versions of the contract and the runtime that it is compiled against.</summary>
    private static string HashOf(TaskSource source, string text)
    {
        var content = new StringBuilder(text)
            .Append('\0').Append(typeof(TaskSourceBuilder).Module.ModuleVersionId).Append('\0').Append(Environment.Version);
        var folder = Path.GetDirectoryName(source.Path)!;
        foreach (var name in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
        {
            foreach (var path in (string[])[Path.Combine(folder, name), Path.Combine(folder, "..", name)])
            {
                content.Append('\0').Append(File.Exists(path) ? File.ReadAllText(path) : "");
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToString())))[..16];
    }

    /// <summary>Earlier builds of a source, but not the last one: another process may still run it.</summary>
    private void RemoveOlder(TaskSource source)
    {
        var older = new DirectoryInfo(_cache).EnumerateDirectories($"{source.Name}-*")
            .Where(d => d.Name.Length == source.Name.Length + 17).OrderByDescending(d => d.LastWriteTimeUtc).Skip(2);
        foreach (var folder in older)
        {
            folder.Delete(recursive: true);
        }
    }
}
