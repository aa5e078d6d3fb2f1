using System.Text.RegularExpressions;

namespace Idflow.Tasks.StageTasks;

/// <summary>
/// Conductor wraps the reason of a failed task once for every level of sub-workflows; a person needs the innermost one and the names of
/// the workflows it came through.
/// </summary>
internal static partial class FailureReason
{
    /// <summary><c>Task ID failed with status: FAILED and reason: 'Sub workflow NAME.1/ID failure reason: WHY'</c> becomes <c>NAME: WHY</c>.</summary>
    public static string Shorten(string reason)
    {
        var names = new List<string>();
        while (true)
        {
            if (TaskFailed().Match(reason) is { Success: true } task)
            {
                reason = task.Groups["why"].Value;
            }
            else if (SubWorkflowFailed().Match(reason) is { Success: true } sub)
            {
                names.Add(sub.Groups["name"].Value);
                reason = sub.Groups["why"].Value;
            }
            else
            {
                return string.Join(": ", [.. names, reason]);
            }
        }
    }

    [GeneratedRegex(@"\ATask [0-9a-fA-F-]{36} failed with status: [A-Z_]+ and reason: '(?<why>.*)'\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex TaskFailed();

    [GeneratedRegex(@"\ASub workflow (?<name>[^/]+)\.\d+/\S+ failure reason: (?<why>.*)\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex SubWorkflowFailed();
}
