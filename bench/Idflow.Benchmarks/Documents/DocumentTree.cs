using System.Globalization;
using System.Text;

namespace Idflow.Benchmarks.Documents;

/// <summary>
/// A data folder like a real one: 11 front matter keys, half a kilobyte of text, spread over the five statuses; every tenth
/// document has a stage run with one result. The same seed gives the same tree.
/// </summary>
internal static class DocumentTree
{
    private static readonly string[] Statuses = ["inbox", "active", "done", "blocked", "archived"];

    private static readonly string[] Words = "the of pipeline document stage workflow result source index research draft topic author market river mountain engine task worker question answer evidence quotation summary".Split(' ');

    public static void Create(string dataFolder, int count)
    {
        var random = new Random(20260115);
        for (var i = 0; i < count; i++)
        {
            var id = new Guid(i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10).ToString();
            var folder = Path.Combine(dataFolder, Statuses[i % Statuses.Length], id);
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "doc.md"), Document(i, id, random));
            if (i % 10 == 0)
            {
                var run = Directory.CreateDirectory(Path.Combine(folder, "stages", "research", "1")).FullName;
                File.WriteAllText(Path.Combine(run, "stage.md"), $"---\nstatus: done\nid: {id}\nname: research\ncounter: 1\nparent_id: {id}\n---\n\n");
                File.WriteAllText(Path.Combine(run, "research.md"), $"---\nconfidence: 0.8\n---\n{Text(random, 120)}\n");
            }
        }
    }

    private static string Document(int number, string id, Random random) => string.Create(CultureInfo.InvariantCulture, $"""
        ---
        status: {Statuses[number % Statuses.Length]}
        id: {id}
        title: Document number {number}
        owner: user{number % 11}
        priority: {random.NextDouble():0.00}
        created: 2026-01-{1 + (number % 28):00}
        tags:
        - common
        - tag{number % 50}
        meta:
          source: generated
          depth: {number % 7}
        rank: {number}
        language: en
        summary: '{Text(random, 12)}'
        _doc_refs: []
        _file_refs: []
        ---
        {Text(random, 75)}{(number % 100 == 0 ? " needle" : "")}

        """);

    private static string Text(Random random, int words)
    {
        var text = new StringBuilder();
        for (var i = 0; i < words; i++)
        {
            text.Append(i == 0 ? "" : i % 12 == 0 ? "\n" : " ").Append(Words[random.Next(Words.Length)]);
        }

        return text.Replace('\n', words < 20 ? ' ' : '\n').ToString();
    }
}
