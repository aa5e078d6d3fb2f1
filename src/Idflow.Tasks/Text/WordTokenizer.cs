using System.Globalization;

namespace Idflow.Tasks.Text;

/// <summary>A word of a text: start and length in UTF-16 units.</summary>
internal readonly record struct Token(int Start, int Length)
{
    public int End => Start + Length;
}

/// <summary>
/// Words by Unicode classes: letters, marks, numbers and <c>_</c>. A hyphen or an apostrophe between letters, and a point or
/// comma between digits, is part of the word.
/// </summary>
internal static class WordTokenizer
{
    public static List<Token> Tokenize(string text) => Tokenize(text, 0, text.Length);

    public static List<Token> Tokenize(string text, int start, int end)
    {
        var tokens = new List<Token>((end - start) / 6);
        var position = start;
        while (position < end)
        {
            if (!IsWord(text, position, out var width))
            {
                position += width;
                continue;
            }

            var first = position;
            position += width;
            while (position < end)
            {
                if (IsWord(text, position, out width))
                {
                    position += width;
                }
                else if (position + 1 < end && Joins(text, position))
                {
                    position++;
                }
                else
                {
                    break;
                }
            }

            tokens.Add(new(first, position - first));
        }

        return tokens;
    }

    private static bool Joins(string text, int position)
    {
        char before = text[position - 1], after = text[position + 1];
        return text[position] switch
        {
            '-' or '\u2010' or '\u2011' or '\'' or '\u2019' => char.IsLetterOrDigit(before) && char.IsLetterOrDigit(after),
            '.' or ',' => char.IsAsciiDigit(before) && char.IsAsciiDigit(after),
            _ => false,
        };
    }

    private static bool IsWord(string text, int position, out int width)
    {
        var character = text[position];
        width = 1;
        if (character < 0x80)
        {
            return char.IsAsciiLetterOrDigit(character) || character == '_';
        }

        if (char.IsHighSurrogate(character) && position + 1 < text.Length)
        {
            width = 2;
        }

        return CharUnicodeInfo.GetUnicodeCategory(text, position) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
    }
}
