using System.Text.RegularExpressions;

namespace Idflow.Tasks.StageTasks;

/// <summary>
/// Conductor wraps the reason of a failed task once for every level of sub-workflows, and puts the reasons of several failed branches one
/// after the other; a person needs the innermost ones and the names of the workflows they came through.
/// </summary>
internal static partial class FailureReason
{
    /// <summary>The workflow around each workflow of a stage; it says nothing to a person.</summary>
    public const string BranchWorkflow = "stage_sub_workflow";

    /// <summary><c>Task ID failed with status: FAILED and reason: 'Sub workflow NAME.1/ID failure reason: WHY'</c> becomes <c>NAME: WHY</c>; several are put together with <c>; </c>.</summary>
    public static string Shorten(string reason)
    {
        var reasons = new List<string>();
        var names = new List<string>();
        var quotes = 0;
        var start = 0;
        foreach (Match wrapping in Wrapping().Matches(reason))
        {
            // Text between two wrappings is the end of one branch's reason: the next belongs to another branch.
            if (wrapping.Index > start)
            {
                Add(reason[start..wrapping.Index].TrimEnd(' '));
                names.Clear();
            }

            if (wrapping.Groups["name"] is { Success: true } name)
            {
                names.Add(name.Value);
            }
            else
            {
                quotes++;
            }

            start = wrapping.Index + wrapping.Length;
        }

        Add(reason[start..]);
        return string.Join("; ", reasons);

        void Add(string text)
        {
            for (; quotes > 0 && text.EndsWith('\''); quotes--)
            {
                text = text[..^1];
            }

            reasons.Add(string.Join(": ", [.. names.Where(name => name != BranchWorkflow), text]));
        }
    }

    [GeneratedRegex(@"(\A|(?<=[ ']))(Task [0-9a-fA-F-]{36} failed with status: [A-Z_]+ and reason: '|Sub workflow (?<name>[^/\n]+)\.\d+/[0-9a-fA-F-]{36} failure reason: )", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Wrapping();
}
