using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Idflow.Conductor.Json;
using Idflow.Engine.Decisions;
using Idflow.Engine.State;
using Idflow.Engine.Storage.Payloads;
using Idflow.Engine.Wire;

namespace Idflow.Engine.Retention;

/// <summary>
/// Workflows on their way out, as files of gzipped JSON lines: a line is a workflow as the REST API shows it, with its tasks, whole payloads,
/// and <c>taskLogs</c> (task id to lines). A file is whole and on disk before anything in it is removed.
/// </summary>
internal sealed class WorkflowArchive(string folder, TimeProvider time, IDiskFlush? disk = null)
{
    private readonly DurableFile _durable = new(disk ?? DiskFlush.Instance);

    public void Write(IEnumerable<WorkflowState> workflows, Func<string, IReadOnlyList<TaskLogRow>> logsOf)
    {
        _durable.MakeFolder(Path.GetFullPath(folder));
        var unfinished = Path.Combine(folder, $".{Guid.NewGuid():N}{DurableFile.Unfinished}");
        string? first = null;
        try
        {
            using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                using (var packed = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
                {
                    foreach (var workflow in workflows)
                    {
                        first ??= workflow.Id;
                        packed.Write(ConductorJson.SerializeToUtf8Bytes(Line(workflow, logsOf)));
                        packed.WriteByte((byte)'\n');
                    }
                }
                _durable.Sync(file);
            }
            if (first is not null)
            {
                var stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
                _durable.Name(unfinished, Path.Combine(folder, $"{stamp}-{first}.jsonl.gz"));
            }
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static JsonNode Line(WorkflowState workflow, Func<string, IReadOnlyList<TaskLogRow>> logsOf)
    {
        var line = ConductorJson.ToNode(WireMapper.ToWorkflow(workflow, includeTasks: true))!;
        var logs = new JsonObject();
        foreach (var task in workflow.Tasks)
        {
            if (logsOf(task.TaskId) is { Count: > 0 } lines)
            {
                logs[task.TaskId] = new JsonArray([.. lines.Select(log => new JsonObject { ["createdTime"] = log.CreatedTime, ["log"] = log.Text })]);
            }
        }
        if (logs.Count > 0)
        {
            line["taskLogs"] = logs;
        }
        return line;
    }
}
