namespace Idflow.Durability.Tests.Fuzzing;

/// <summary>Texts that are almost right: real examples with pieces cut out, doubled, swapped, and strange ones put in.</summary>
internal sealed class Mutations(Random random, IReadOnlyList<string> examples)
{
    private static readonly string[] Strange =
    [
        "", "0", "-1", "1e999", "99999999999999999999", "2147483648", "null", "true", "[]", "{}", "\"", "'", "\\", "\\u0000", "\u0000", "\ud800", "é", "😀", "${", "}", "${}", "$", "$.", "$..", "[*]", "[?(@.a)]",
        "[?(", "(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "|", "||", "//", "..", ", ", ":", " AND ", " IN (", "=", "*", "?", "#", "%", "%00", "/*", "--", "\n", "\t",
        "def f: f; f", "limit(1;", "reduce ", "@base64d", "9223372036854775807", "NaN", "L", "W", "*/0", "60", "1-", "@every", "getpath([\"a\"])", "${workflow.input", ".length()", "[-1:]", "[1:2:0]",
    ];

    public string Next()
    {
        var text = examples[random.Next(examples.Count)];
        if (random.Next(2) == 0 && JsonMutations.Of(text, random) is { } json)
        {
            return json;
        }
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            text = Once(text);
        }
        return text;
    }

    private string Once(string text)
    {
        var at = random.Next(text.Length + 1);
        var length = random.Next(Math.Min(12, text.Length - at + 1));
        return random.Next(7) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, text.Substring(at, length)),
            2 => text.Insert(at, Strange[random.Next(Strange.Length)]),
            3 => text.Remove(at, length).Insert(at, Strange[random.Next(Strange.Length)]),
            4 => text[..at],
            5 => text.Insert(at, ((char)random.Next(1, 0x250)).ToString()),
            _ => text.Insert(at, Piece(examples[random.Next(examples.Count)])),
        };
    }

    private string Piece(string text)
    {
        var at = random.Next(text.Length + 1);
        return text.Substring(at, random.Next(text.Length - at + 1));
    }
}
