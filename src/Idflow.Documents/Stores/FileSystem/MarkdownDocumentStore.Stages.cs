using System.Globalization;
using Idflow.Documents.Markdown;
using Idflow.Documents.Model;

namespace Idflow.Documents.Stores.FileSystem;

/// <summary>Runs of stages: <c>stages/&lt;name&gt;/&lt;counter&gt;/stage.md</c> and the results beside it.</summary>
internal sealed partial class MarkdownDocumentStore
{
    private const string Extension = ".md";

    private static readonly EnumerationOptions All = new() { AttributesToSkip = 0 };

    public override Task<IReadOnlyList<StageRun>> GetStageRunsAsync(string id, CancellationToken cancellationToken = default) =>
        StableAsync<IReadOnlyList<StageRun>>(
            id,
            async folder =>
            {
                var runs = new List<StageRun>();
                foreach (var (stageName, counter) in RunsOf(folder).Order(RunOrder))
                {
                    runs.Add((await ReadRunAsync(folder, stageName, counter, cancellationToken)).Run);
                }

                return runs;
            },
            cancellationToken);

    public override async Task<StageRun> CreateStageRunAsync(string id, string stageName, Func<int, StageRun> create, CancellationToken cancellationToken = default)
    {
        SafeName.CheckStage(stageName);
        using var held = await _locks.AcquireAsync(id, cancellationToken);
        var folder = Find(id);
        var stage = Path.Combine(folder.StagesPath, stageName);
        _folders.CheckInside(stage);
        return await Guarded($"A run of the stage '{stageName}' cannot be made for the document '{id}'", async () =>
        {
            FolderFlush.Create(stage);
            for (var counter = CountersOf(stage).DefaultIfEmpty(0).Max() + 1; ; counter++)
            {
                var run = DocumentRules.ForStage(create(counter), id, stageName, counter) with { Results = [] };
                if (await TryCreateRunAsync(folder.RunPath(stageName, counter), run, cancellationToken))
                {
                    return run;
                }
            }
        });
    }

    public override async Task<StageRun> UpdateStageRunAsync(string id, string stageName, int counter, Func<StageRun, StageRun> change, CancellationToken cancellationToken = default)
    {
        SafeName.CheckStage(stageName);
        using var held = await _locks.AcquireAsync(id, cancellationToken);
        var folder = Find(id);
        var (source, before) = await ReadRunAsync(folder, stageName, counter, cancellationToken);
        var after = DocumentRules.ForStage(change(before), id, stageName, counter) with { Results = before.Results };
        var path = Path.Combine(folder.RunPath(stageName, counter), SafeName.StageFileName);
        var text = StageFile.Edit(source, _folders.NameOf(path), before, after);
        if (text != source.Text)
        {
            await Guarded($"The run {counter} of the stage '{stageName}' of the document '{id}' cannot be written", async () =>
            {
                await AtomicFile.WriteAsync(path, MarkdownText.Encode(text), cancellationToken);
                return true;
            });
        }

        return after;
    }

    public override async Task WriteResultAsync(string id, string stageName, int counter, StageResult result, CancellationToken cancellationToken = default)
    {
        SafeName.CheckStage(stageName);
        var bytes = MarkdownText.Encode(ResultFile.Create(DocumentRules.ForResult(result)));
        using var held = await _locks.AcquireAsync(id, cancellationToken);
        var path = ResultPath(FindRun(Find(id), stageName, counter), result.Name);
        await Guarded($"The result '{result.Name}' of the document '{id}' cannot be written", async () =>
        {
            FolderFlush.Create(Path.GetDirectoryName(path)!);
            var stored = File.Exists(path) ? await ReadBytesAsync(path, cancellationToken) : null;
            if (stored is null || !bytes.AsSpan().SequenceEqual(stored))
            {
                await AtomicFile.WriteAsync(path, bytes, cancellationToken);
            }

            return true;
        });
    }

    public override Task<StageResult?> GetResultAsync(string id, string stageName, int counter, string name, CancellationToken cancellationToken = default)
    {
        SafeName.CheckStage(stageName);
        SafeName.CheckResult(name);
        return StableAsync(
            id,
            async folder =>
            {
                var path = ResultPath(FindRun(folder, stageName, counter), name);
                var shown = _folders.NameOf(path);
                return File.Exists(path) ? ResultFile.Read(MarkdownText.Decode(await ReadBytesAsync(path, cancellationToken), shown), shown, name) : null;
            },
            cancellationToken);
    }

    /// <summary>The run appears complete or not at all: made under another name and renamed, which fails where the counter is taken.</summary>
    private async Task<bool> TryCreateRunAsync(string path, StageRun run, CancellationToken cancellationToken)
    {
        var made = Path.Combine(Path.GetDirectoryName(path)!, Leftover.NameOfNewRun(Options.NewId()));
        Directory.CreateDirectory(made);
        try
        {
            await AtomicFile.WriteAsync(Path.Combine(made, SafeName.StageFileName), MarkdownText.Encode(StageFile.Create(run, Options.NewId().ToString())), cancellationToken);
            Directory.Move(made, path);
            FolderFlush.ToDisk(Path.GetDirectoryName(path)!);
            return true;
        }
        catch (IOException) when (Directory.Exists(path) || File.Exists(path))
        {
            return false;
        }
        finally
        {
            if (Directory.Exists(made))
            {
                Directory.Delete(made, recursive: true);
            }
        }
    }

    private async Task<(MarkdownText Source, StageRun Run)> ReadRunAsync(DocumentFolder folder, string stageName, int counter, CancellationToken cancellationToken)
    {
        var path = FindRun(folder, stageName, counter);
        var file = Path.Combine(path, SafeName.StageFileName);
        var shown = _folders.NameOf(file);
        var source = MarkdownText.Decode(await ReadBytesAsync(file, cancellationToken), shown);
        return (source, StageFile.Read(source, shown, folder.Id, stageName, counter, ResultsOf(path)));
    }

    private string FindRun(DocumentFolder folder, string stageName, int counter)
    {
        var path = folder.RunPath(stageName, counter);
        var file = Path.Combine(path, SafeName.StageFileName);
        if (!File.Exists(file))
        {
            throw NoRun(folder.Id, stageName, counter);
        }

        _folders.CheckInside(file);
        return path;
    }

    private string ResultPath(string runPath, string name)
    {
        var path = Path.Combine(runPath, name.Replace('/', Path.DirectorySeparatorChar) + Extension);
        _folders.CheckInside(path);
        return path;
    }

    private IEnumerable<(string Name, int Counter)> RunsOf(DocumentFolder folder)
    {
        if (!Directory.Exists(folder.StagesPath))
        {
            return [];
        }

        _folders.CheckInside(folder.StagesPath);
        return Directory.EnumerateDirectories(folder.StagesPath, "*", All)
            .Where(stage => SafeName.IsSafe(Path.GetFileName(stage)))
            .SelectMany(stage => CountersOf(stage).Select(counter => (Path.GetFileName(stage), counter)))
            .Where(run => File.Exists(Path.Combine(folder.RunPath(run.Item1, run.counter), SafeName.StageFileName)));
    }

    /// <summary>The folders of a stage that are named by a number as the counter writes it.</summary>
    private IEnumerable<int> CountersOf(string stage)
    {
        _folders.CheckInside(stage);
        foreach (var path in Directory.EnumerateDirectories(stage, "*", All))
        {
            var name = Path.GetFileName(path);
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var counter) && counter.ToString(CultureInfo.InvariantCulture) == name)
            {
                yield return counter;
            }
        }
    }

    private static List<string> ResultsOf(string runPath)
    {
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint, RecurseSubdirectories = true };
        return [.. Directory.EnumerateFiles(runPath, "*" + Extension, options)
            .Select(path => Path.GetRelativePath(runPath, path).Replace(Path.DirectorySeparatorChar, '/')[..^Extension.Length])
            .Where(name => name != "stage" && name.Split('/').All(SafeName.IsSafe))
            .Order(StringComparer.Ordinal)];
    }

    private static readonly Comparer<(string Name, int Counter)> RunOrder = Comparer<(string Name, int Counter)>.Create((left, right) =>
        string.CompareOrdinal(left.Name, right.Name) is var byName && byName != 0 ? byName : left.Counter.CompareTo(right.Counter));
}
