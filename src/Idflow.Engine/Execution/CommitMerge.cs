using Idflow.Engine.State;

namespace Idflow.Engine.Execution;

/// <summary>
/// Leaves out of a transaction what a later commit of it writes over: a task that is handed out and completed within one
/// transaction is written once, and an effect that is carried out within it not at all.
/// </summary>
internal static class CommitMerge
{
    /// <returns>The same commits, or one that writes what they write together.</returns>
    public static IReadOnlyList<StoreChanges> Merge(IReadOnlyList<StoreChanges> commits)
    {
        // Deletions come first within a commit: merged, they would come before what they are meant to delete.
        if (commits.Count < 2 || commits.Any(commit => commit.DeletedTasks.Count + commit.DeletedWorkflows.Count + commit.DeletedDocuments.Count
            + commit.DeletedSnapshots.Count + commit.DeletedEventExecutions.Count + commit.DeletedScheduleExecutions.Count > 0))
        {
            return commits;
        }
        var merged = new StoreChanges();
        MergeWrites(commits, merged.Tasks, static commit => commit.Tasks, static write => write.Row.TaskId,
            static (earlier, later) => new TaskWrite(later.Row, earlier.IsNew, earlier.Parts | later.Parts));
        MergeWrites(commits, merged.Workflows, static commit => commit.Workflows, static write => write.Row.WorkflowId,
            static (earlier, later) => new WorkflowWrite(later.Row, earlier.IsNew, earlier.Parts | later.Parts));
        MergeOutbox(commits, merged);
        MergeMessages(commits, merged);
        foreach (var commit in commits)
        {
            merged.Snapshots.AddRange(commit.Snapshots);
            merged.Logs.AddRange(commit.Logs);
            merged.EventExecutions.AddRange(commit.EventExecutions);
            merged.ScheduleExecutions.AddRange(commit.ScheduleExecutions);
            merged.Documents.AddRange(commit.Documents);
        }
        return [merged];
    }

    /// <summary>Each row once, where it came first, as it was last.</summary>
    private static void MergeWrites<T>(IReadOnlyList<StoreChanges> commits, List<T> merged, Func<StoreChanges, List<T>> writesOf, Func<T, string> idOf, Func<T, T, T> join)
    {
        var places = new Dictionary<string, int>(2 * commits.Count);
        foreach (var commit in commits)
        {
            foreach (var write in writesOf(commit))
            {
                if (places.TryAdd(idOf(write), merged.Count))
                {
                    merged.Add(write);
                    continue;
                }
                var place = places[idOf(write)];
                merged[place] = join(merged[place], write);
            }
        }
    }

    private static void MergeOutbox(IReadOnlyList<StoreChanges> commits, StoreChanges merged)
    {
        var done = commits.SelectMany(commit => commit.DeletedOutbox).ToHashSet();
        merged.Outbox.AddRange(commits.SelectMany(commit => commit.Outbox).Where(row => !done.Remove(row.Id)));
        merged.DeletedOutbox.AddRange(done);
    }

    private static void MergeMessages(IReadOnlyList<StoreChanges> commits, StoreChanges merged)
    {
        var pulled = commits.SelectMany(commit => commit.DeletedMessages).ToHashSet();
        merged.Messages.AddRange(commits.SelectMany(commit => commit.Messages).Where(row => !pulled.Remove(row.Id)));
        merged.DeletedMessages.AddRange(pulled);
    }
}
