using Idflow.Documents.Model;

namespace Idflow.Documents.Markdown;

/// <summary>
/// A <c>stage.md</c>. Name and counter come from the folders. The original writes three forms (new, saved again, with its <c>body</c> leaked
/// into the front matter); all read the same, and the leaks are not properties.
/// </summary>
internal static class StageFile
{
    private const string WorkflowId = "workflow_id";
    private const string Reason = "reason";
    private const string Name = "name";
    private const string Counter = "counter";
    private const string ParentId = "parent_id";
    private static readonly HashSet<string> LastKeys = [ReservedKeys.DocumentReferences, ReservedKeys.FileReferences];

    private static bool IsOwnKey(string key) => ReservedKeys.IsReserved(key) || key is WorkflowId or Reason or Name or Counter or ParentId;

    /// <exception cref="DocumentFormatException">The file cannot be read, or its status is none.</exception>
    public static StageRun Read(MarkdownText source, string path, string documentId, string stageName, int counter, IReadOnlyList<string> results)
    {
        var keys = DocumentFile.ReadKeys(source, path);
        var status = DocumentFile.ScalarText(keys.GetValueOrDefault(ReservedKeys.Status));
        return new StageRun
        {
            DocumentId = documentId,
            StageName = stageName,
            Counter = counter,
            Status = StatusOf(status, source, path),
            WorkflowId = DocumentFile.ScalarText(keys.GetValueOrDefault(WorkflowId)),
            Reason = DocumentFile.ScalarText(keys.GetValueOrDefault(Reason)),
            Properties = new PropertyMap(keys.Where(entry => !IsOwnKey(entry.Key))),
            Body = source.Body.Trim('\n').Length == 0 ? "" : source.Body,
            Results = results,
        };
    }

    /// <param name="run">The run, normalised.</param>
    /// <param name="fileId">The id of the run itself, which the original keeps.</param>
    public static string Create(StageRun run, string fileId)
    {
        var keys = new List<KeyValuePair<string, object?>>
        {
            new(ReservedKeys.Status, StatusName(run.Status)),
            new(ReservedKeys.Id, fileId),
            new(Name, run.StageName),
            new(Counter, (long)run.Counter),
            new(ParentId, run.DocumentId),
        };
        keys.AddRange(OptionalKeys(run));
        keys.AddRange(run.Properties);
        keys.Add(new(ReservedKeys.DocumentReferences, new List<object?>()));
        keys.Add(new(ReservedKeys.FileReferences, new List<object?>()));
        return MarkdownFile.Create(new PropertyMap(keys), run.Body);
    }

    /// <summary>The file with what the run says now; the same text when nothing changed.</summary>
    public static string Edit(MarkdownText source, string path, StageRun before, StageRun after)
    {
        var keys = DocumentFile.ReadKeys(source, path);
        var changed = MarkdownFile.WithProperties(keys, before.Properties, after.Properties);
        if (before.Status != after.Status)
        {
            changed = changed.With(ReservedKeys.Status, StatusName(after.Status));
        }

        changed = MarkdownFile.WithProperties(changed, new PropertyMap(OptionalKeys(before)), new PropertyMap(OptionalKeys(after)));
        return MarkdownFile.Edit(source, keys, changed, before.Body, after.Body, LastKeys);
    }

    /// <summary>Refuses properties that would hide keys of the file itself.</summary>
    public static void CheckProperties(PropertyMap properties)
    {
        if (properties.Keys.FirstOrDefault(IsOwnKey) is { } key)
        {
            throw new DocumentException($"'{key}' is not a free property of a stage run: it has a meaning of its own.");
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> OptionalKeys(StageRun run)
    {
        if (run.WorkflowId is not null)
        {
            yield return new(WorkflowId, run.WorkflowId);
        }

        if (run.Reason is not null)
        {
            yield return new(Reason, run.Reason);
        }
    }

    private static string StatusName(StageStatus status) => status.ToString().ToLowerInvariant();

    private static StageStatus StatusOf(string? status, MarkdownText source, string path)
    {
        var names = Enum.GetNames<StageStatus>().Select(name => name.ToLowerInvariant()).ToList();
        var index = names.IndexOf(status ?? "");
        if (index >= 0)
        {
            return (StageStatus)index;
        }

        var line = DocumentFile.LineOf(source, ReservedKeys.Status);
        var nearest = NearestName.Of(status ?? "", names) is { } near ? $" Did you mean '{near}'?" : "";
        throw new DocumentFormatException(path, line, 1, status is null
            ? $"a stage run needs a `status`: one of {string.Join(", ", names)}"
            : $"there is no stage status '{status}'; known are {string.Join(", ", names)}.{nearest}");
    }
}
