using System.Text;

namespace Idflow.Documents.Query;

/// <summary>A pattern over a whole text: <c>*</c> any run (also over line breaks), <c>?</c> one character, <c>[a-z]</c> and <c>[!a-z]</c> one of a set. Case counts.</summary>
public sealed class Wildcard
{
    private readonly Step[] _steps;

    private Wildcard(Step[] steps) => _steps = steps;

    public static bool HasWildcards(string pattern) => pattern.AsSpan().ContainsAny('*', '?', '[');

    /// <exception cref="FilterException">A set is not closed or runs backwards.</exception>
    public static Wildcard Parse(string pattern)
    {
        var runes = pattern.EnumerateRunes().ToArray();
        var steps = new List<Step>();
        for (var i = 0; i < runes.Length; i++)
        {
            switch (runes[i].Value)
            {
                case '*' when steps.Count > 0 && steps[^1].Kind == StepKind.Run:
                    break;
                case '*':
                    steps.Add(new Step(StepKind.Run, default, []));
                    break;
                case '?':
                    steps.Add(new Step(StepKind.Any, default, []));
                    break;
                case '[':
                    steps.Add(ReadSet(pattern, runes, ref i));
                    break;
                default:
                    steps.Add(new Step(StepKind.Literal, runes[i], []));
                    break;
            }
        }

        return new Wildcard([.. steps]);
    }

    /// <summary>Greedy with one point of return (the last run), so at most text length times pattern length.</summary>
    public bool IsMatch(string text)
    {
        int at = 0, step = 0, runStep = -1, runAt = 0;
        while (at < text.Length)
        {
            var rune = Rune.TryGetRuneAt(text, at, out var found) ? found : Rune.ReplacementChar;
            var width = char.IsSurrogatePair(text, at) ? 2 : 1;
            if (step < _steps.Length && _steps[step].Kind == StepKind.Run)
            {
                (runStep, runAt) = (step++, at);
            }
            else if (step < _steps.Length && _steps[step].Accepts(rune))
            {
                (step, at) = (step + 1, at + width);
            }
            else if (runStep >= 0)
            {
                runAt += char.IsSurrogatePair(text, runAt) ? 2 : 1;
                (step, at) = (runStep + 1, runAt);
            }
            else
            {
                return false;
            }
        }

        while (step < _steps.Length && _steps[step].Kind == StepKind.Run)
        {
            step++;
        }

        return step == _steps.Length;
    }

    private static Step ReadSet(string pattern, Rune[] runes, ref int i)
    {
        var at = i + 1;
        var negated = at < runes.Length && runes[at].Value == '!';
        var first = negated ? at + 1 : at;
        var end = first + 1;
        while (end < runes.Length && runes[end].Value != ']')
        {
            end++;
        }

        if (end >= runes.Length)
        {
            throw new FilterException($"the '[' at position {i + 1} of '{pattern}' is not closed by a ']'; write '[[]' for the bracket itself, or 'key===value' to take the value literally.");
        }

        var ranges = new List<(Rune From, Rune To)>();
        for (at = first; at < end; at++)
        {
            if (at + 2 < end && runes[at + 1].Value == '-')
            {
                if (runes[at] > runes[at + 2])
                {
                    throw new FilterException($"the range '{runes[at]}-{runes[at + 2]}' in '{pattern}' runs backwards; write '{runes[at + 2]}-{runes[at]}'.");
                }

                ranges.Add((runes[at], runes[at + 2]));
                at += 2;
            }
            else
            {
                ranges.Add((runes[at], runes[at]));
            }
        }

        i = end;
        return new Step(negated ? StepKind.NotInSet : StepKind.InSet, default, [.. ranges]);
    }

    private enum StepKind
    {
        Literal,
        Any,
        Run,
        InSet,
        NotInSet,
    }

    private readonly record struct Step(StepKind Kind, Rune Literal, (Rune From, Rune To)[] Ranges)
    {
        public bool Accepts(Rune rune) => Kind switch
        {
            StepKind.Literal => rune == Literal,
            StepKind.Any => true,
            StepKind.InSet => Array.Exists(Ranges, range => rune >= range.From && rune <= range.To),
            StepKind.NotInSet => !Array.Exists(Ranges, range => rune >= range.From && rune <= range.To),
            _ => false,
        };
    }
}
