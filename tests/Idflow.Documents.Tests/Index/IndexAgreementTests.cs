using CsCheck;
using static Idflow.Documents.Tests.Index.IndexTree;

namespace Idflow.Documents.Tests.Index;

/// <summary>What the index says equals what a scan of everything says, whatever was edited in between, by whom.</summary>
public sealed class IndexAgreementTests
{
    private static readonly string[] Statuses = ["inbox", "active", "done"];

    [Fact]
    public void Random_edits_by_hand_between_queries_of_two_processes()
    {
        var step = Gen.Select(Gen.Int[0, 11], Gen.Int[0, 2], Gen.Int[0, 5], Gen.Int[0, 3]);
        step.Array[1, 40].Sample(
            steps =>
            {
                using var tree = new IndexTree();
                var one = tree.Open();
                var other = tree.Open();
                try
                {
                    foreach (var (edit, status, document, value) in steps)
                    {
                        Apply(tree, edit, Statuses[status], $"doc{document}", value);
                        if (edit == 10)
                        {
                            one.Dispose();
                            one = tree.Open();
                        }

                        var index = value % 2 == 0 ? one : other;
                        using var fresh = tree.OpenFresh();
                        Assert.Equal(Describe(fresh, "word").Result, Describe(index, "word").Result);
                    }
                }
                finally
                {
                    one.Dispose();
                    other.Dispose();
                }
            },
            iter: 15,
            threads: 1);
    }

    [Fact]
    public async Task Two_processes_that_query_while_a_third_edits_agree_in_the_end()
    {
        using var tree = new IndexTree();
        var random = new Random(20260115);
        using var stop = new CancellationTokenSource();
        var queries = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            using var index = tree.Open();
            while (!stop.IsCancellationRequested)
            {
                await Ask(index);
                await index.SearchAsync("word", 10);
            }

            using var fresh = tree.OpenFresh();
            Assert.Equal(await Describe(fresh, "word"), await Describe(index, "word"));
        })).ToList();
        for (var i = 0; i < 300; i++)
        {
            Apply(tree, random.Next(10), Statuses[random.Next(3)], $"doc{random.Next(20)}", random.Next(4));
        }

        await stop.CancelAsync();
        await Task.WhenAll(queries);
    }

    private static void Apply(IndexTree tree, int edit, string status, string id, int value)
    {
        var folder = tree.Folder(status, id);
        var hasDocument = File.Exists(Path.Combine(folder, "doc.md"));
        switch (edit)
        {
            case 0 or 1 or 2:
                tree.WriteDocument(status, id, $"n: {value}\ntags: [a, b{value}]\n", $"a word {value}\n");
                break;
            case 3 when hasDocument:
                tree.Write(Path.Combine(folder, "doc.md"), $"---\nn: [{value}\n---\nword\n");
                break;
            case 4 when Directory.Exists(folder):
                Directory.Delete(folder, recursive: true);
                break;
            case 5 when Directory.Exists(folder):
                var target = tree.Folder(Statuses[value % 3], id);
                if (!Directory.Exists(target))
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                    Directory.Move(folder, target);
                }

                break;
            case 6:
                tree.WriteStage(status, id, $"stage{value % 2}", 1 + value, value == 3 ? "broken" : "done");
                break;
            case 7:
                tree.WriteResult(status, id, "stage0", 1, value == 0 ? "deep/result" : $"result{value}", $"word number {value}\n");
                break;
            case 8 when Directory.Exists(Path.Combine(folder, "stages")):
                Directory.Delete(Path.Combine(folder, "stages"), recursive: true);
                break;
            case 9 when hasDocument:
                File.Delete(Path.Combine(folder, "doc.md"));
                break;
            case 11 when Directory.Exists(tree.Cache):
                Directory.Delete(tree.Cache, recursive: true);
                break;
        }
    }
}
