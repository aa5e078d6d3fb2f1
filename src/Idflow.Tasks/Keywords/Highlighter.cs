using System.Text;
using Idflow.Tasks.Text;

namespace Idflow.Tasks.Keywords;

/// <summary>Puts <c>**</c> around spans of a text; everything else stays as it is. Overlapping spans share one pair of marks.</summary>
internal static class Highlighter
{
    public const string Mark = "**";

    public static string Apply(string text, IEnumerable<TextSpan> spans)
    {
        var result = new StringBuilder(text.Length + 64);
        var position = 0;
        var open = (Start: -1, End: -1);

        void Close()
        {
            if (open.Start >= 0)
            {
                result.Append(text, position, open.Start - position).Append(Mark).Append(text, open.Start, open.End - open.Start).Append(Mark);
                position = open.End;
            }
        }

        foreach (var span in spans.OrderBy(span => span.Start))
        {
            if (span.Start <= open.End)
            {
                open.End = Math.Max(open.End, span.End);
                continue;
            }

            Close();
            open = (span.Start, span.End);
        }

        Close();
        return result.Append(text, position, text.Length - position).ToString();
    }
}
