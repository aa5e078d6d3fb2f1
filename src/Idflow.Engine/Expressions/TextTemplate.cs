namespace Idflow.Engine.Expressions;

/// <summary>
/// A text with <c>${..}</c>, cut into parts once. An expression is the outermost balanced <c>${..}</c> that no <c>$</c>
/// precedes; what is not balanced is plain text, and <c>$${</c> stands for <c>${</c>.
/// </summary>
internal sealed class TextTemplate
{
    private TextTemplate(string source, IReadOnlyList<TemplatePart> parts)
    {
        Source = source;
        Parts = parts;
    }

    public string Source { get; }

    public IReadOnlyList<TemplatePart> Parts { get; }

    /// <summary>The expression of a text that is nothing else; its value keeps its type.</summary>
    public ExpressionPart? Whole => Parts is [ExpressionPart only] ? only : null;

    public static bool MayHoldExpressions(string text) => text.Contains("${", StringComparison.Ordinal);

    /// <summary>Expressions inside expressions; deeper ones stay text, and a path with them in it has no value.</summary>
    private const int MaxDepth = 32;

    public static TextTemplate Parse(string text) => Parse(text, 0);

    private static TextTemplate Parse(string text, int depth)
    {
        List<TemplatePart> parts = [];
        var literal = 0;
        foreach (var (start, end) in Matches(text))
        {
            AddLiteral(parts, text[literal..start]);
            var written = text[start..end];
            var body = written[2..^1];
            parts.Add(new ExpressionPart(written, body, depth < MaxDepth && MayHoldExpressions(body) ? Parse(body, depth + 1) : null));
            literal = end;
        }

        AddLiteral(parts, text[literal..]);
        return new(text, parts);
    }

    /// <summary>All expressions of a text, outermost only, as start and end.</summary>
    public static IEnumerable<(int Start, int End)> Matches(string text)
    {
        if (!MayHoldExpressions(text))
        {
            yield break;
        }

        var closings = Closings(text);
        for (var at = text.IndexOf("${", StringComparison.Ordinal); at >= 0;)
        {
            var next = at + 1;
            if ((at == 0 || text[at - 1] != '$') && closings[at + 1] is var close and > 0)
            {
                yield return (at, close + 1);
                next = close + 1;
            }

            at = text.IndexOf("${", next, StringComparison.Ordinal);
        }
    }

    /// <summary>For each opening brace the place of the one that closes it, 0 where there is none; one pass, so that a text of many open braces stays cheap.</summary>
    private static int[] Closings(string text)
    {
        var closings = new int[text.Length];
        Stack<int> open = [];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '{')
            {
                open.Push(i);
            }
            else if (text[i] == '}' && open.TryPop(out var opened))
            {
                closings[opened] = i;
            }
        }

        return closings;
    }

    private static void AddLiteral(List<TemplatePart> parts, string text)
    {
        if (text.Length > 0)
        {
            parts.Add(new LiteralPart(text.Replace("$${", "${", StringComparison.Ordinal)));
        }
    }
}

internal abstract record TemplatePart;

internal sealed record LiteralPart(string Text) : TemplatePart;

/// <summary>One expression: as it is written, the text between the braces, and that text cut up when it holds expressions itself.</summary>
internal sealed record ExpressionPart(string Written, string Body, TextTemplate? Nested) : TemplatePart;
