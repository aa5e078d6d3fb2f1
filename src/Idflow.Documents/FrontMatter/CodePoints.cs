using System.Text;

namespace Idflow.Documents.FrontMatter;

/// <summary>Text as code points (half surrogates count as themselves): the unit in which YAML counts columns and classes characters.</summary>
internal static class CodePoints
{
    public static int[] Of(string text)
    {
        var points = new int[text.Length];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var pair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            points[count++] = pair ? char.ConvertToUtf32(text[i], text[++i]) : text[i];
        }

        return points[..count];
    }

    public static void Append(StringBuilder output, ReadOnlySpan<int> points)
    {
        foreach (var point in points)
        {
            if (point < 0x10000)
            {
                output.Append((char)point);
            }
            else
            {
                output.Append(char.ConvertFromUtf32(point));
            }
        }
    }

    /// <summary>LF, NEL, line separator, paragraph separator: what YAML 1.1 breaks lines at (CR never reaches this).</summary>
    public static bool IsBreak(int point) => point is '\n' or 0x85 or 0x2028 or 0x2029;

    /// <summary>Characters that may stand unescaped.</summary>
    public static bool IsPrintable(int point) =>
        point is '\n' or (>= ' ' and <= '~') or 0x85 or (>= 0xA0 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD and not 0xFEFF) or (>= 0x10000 and < 0x10FFFF);
}
