using CsCheck;
using Idflow.Documents.Model;

namespace Idflow.Documents.Tests.TestKit;

/// <summary>One entry of a generated front matter: the lines as a person would type them.</summary>
internal sealed record Chunk(string? Key, string Lines, string? Comment = null);

/// <summary>A generated file in pieces, so that a test can say which bytes must survive.</summary>
internal sealed record GeneratedFile(IReadOnlyList<Chunk> Chunks, string Body, string NewLine, bool HasMark)
{
    public string Head => (HasMark ? "\uFEFF" : "") + "---" + NewLine;

    public string Tail => "---" + NewLine + Text(Body);

    public string Text(string lines) => lines.Replace("\n", NewLine, StringComparison.Ordinal);

    public string TextOf(IEnumerable<Chunk> chunks) => string.Concat(chunks.Select(chunk => Text(chunk.Lines)));

    public override string ToString() => Head + TextOf(Chunks) + Tail;
}

/// <summary>Front matters in every style that people type: quotes, comments, flow and block styles, block scalars, anchors, odd spacing.</summary>
internal static class FrontMatterCorpus
{
    private static readonly Gen<string> Word = Gen.OneOf("alpha", "Größe", "1.10", "yes", "2024-05-06", "0x1F", "~", "note", "🚀", "a-b", "x y", "12:30:45", "'q'", "\"d q\"", "'it''s'", "\"tab\\t\"", "1_000", "1.0e+3", "2024-05-06 07:08:09 +02:00");

    private static readonly Gen<string> Comment = Gen.OneOf("", "", "", " # why", "   #  spaced  ", " # ---");

    private static readonly Gen<string> FlowWord = Word.Where(word => !word.Contains(':', StringComparison.Ordinal));

    private static readonly Gen<Func<string, Chunk>> Entry = Gen.OneOf<Func<string, Chunk>>(
        Gen.Select(Word, Comment, Gen.OneOf(" ", "   "), (word, comment, space) => (Func<string, Chunk>)(key => new(key, $"{key}:{space}{word}{comment}\n", comment))),
        Gen.Select(FlowWord.Array[1, 4], Comment, (words, comment) => (Func<string, Chunk>)(key => new(key, $"{key}: [{string.Join(",", words)}]{comment}\n", comment))),
        Gen.Select(FlowWord.Array[1, 3], words => (Func<string, Chunk>)(key => new(key, $"{key}: {{ {string.Join(", ", words.Select((word, i) => $"k{i}: {word}"))} }}\n"))),
        Gen.Select(Word.Array[1, 4], Comment, Gen.Int[0, 2], (words, comment, indent) => (Func<string, Chunk>)(key => new(key, $"{key}:{comment}\n{string.Concat(words.Select(word => $"{new string(' ', indent)}- {word}\n"))}", comment))),
        Gen.Select(Word.Array[1, 3], Comment, Gen.Int[1, 4], (words, comment, indent) => (Func<string, Chunk>)(key => new(key, $"{key}:{comment}\n{string.Concat(words.Select((word, i) => $"{new string(' ', indent)}k{i}: {word} # in {i}\n"))}", comment))),
        Gen.Select(Word, Word, (first, second) => (Func<string, Chunk>)(key => new(key, $"{key}:\n  - a: {first}\n    b: {second}\n  # between\n  - a: {second}\n"))),
        Gen.Select(Gen.OneOf("|", ">-", "|+", "|2"), Gen.OneOf("one", "# not a comment", "key: value"), (header, line) => (Func<string, Chunk>)(key => new(key, $"{key}: {header}\n  {line}\n    two\n\n  three\n"))),
        Gen.Select(Comment, comment => (Func<string, Chunk>)(key => new(key, $"{key}:{comment}\n", comment))),
        Gen.Const<Func<string, Chunk>>(key => new(key, $"{key}: first\n  second\n\n  third\n")),
        Gen.Const<Func<string, Chunk>>(key => new(key, $"{key}: 'first\n\n  second'  # after\n", "  # after")),
        Gen.Const<Func<string, Chunk>>(key => new(key, $"{key}: &anchor_{key} {{ deep: 1 }}\n")),
        Gen.Const<Func<string, Chunk>>(key => new(key, $"'{key}' : quoted key\n")),
        Gen.Const<Func<string, Chunk>>(key => new(key, $"? {key}\n: explicit\n")),
        Gen.Const<Func<string, Chunk>>(key => new(key, $"{key}: !!str 5\n")));

    private static readonly Gen<Chunk> Between = Gen.OneOf("", "", "", "\n", "# a comment of its own\n", "#c\n\n# d\n", " # indented\n").Select(lines => new Chunk(null, lines));

    public static Gen<GeneratedFile> File { get; } =
        from entries in Gen.Select(Entry, Between).Array[1, 8]
        from body in Gen.OneOf("", "text\n", "\n\n# Title\n\n---\nkey: value\n---\n", "no line end", "  code\n\ttab \n")
        from newLine in Gen.OneOf("\n", "\n", "\r\n")
        from hasMark in Gen.OneOf(false, false, true)
        select new GeneratedFile([.. entries.SelectMany((entry, i) => new[] { entry.Item2, entry.Item1($"key_{i}") })], body, newLine, hasMark);

    private static readonly Gen<string> Text = Gen.OneOf(
        Word,
        Gen.String[Gen.Char[" ab:#-'\"\\\n\t[]{},&*!|>%@`?=~.0123456789é\u2028\u0085\uFEFF"], 0, 30],
        Gen.OneOf(new string('w', 200), string.Join(' ', Enumerable.Repeat("word", 60)), "# x", "a: b", "- a", "null", ""));

    public static Gen<object?> Value { get; } = Gen.Recursive<object?>((depth, value) => depth > 3
        ? Text.Select(text => (object?)text)
        : Gen.OneOf(
            Text.Select(text => (object?)text),
            Gen.Long.Select(number => (object?)number),
            Gen.Double.Select(number => (object?)number),
            Gen.Bool.Select(flag => (object?)flag),
            Gen.Const((object?)null),
            Gen.Date.Select(day => (object?)DateOnly.FromDateTime(day)),
            value.Array[0, 3].Select(items => (object?)items.ToList()),
            Gen.Select(Text, value).Array[0, 3].Select(entries => (object?)new PropertyMap(entries.Select(entry => new KeyValuePair<string, object?>(entry.Item1, entry.Item2))))));
}
