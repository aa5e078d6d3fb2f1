using System.Text.Json.Nodes;
using Idflow.Tasks.Keywords;
using Idflow.Workers;

namespace Idflow.Tasks.Tests.Keywords;

public sealed class KeyBertGoldenTests
{
    /// <summary>Cases with settings of CountVectorizer that the task has no input for.</summary>
    private const string BeyondTheTask = "vectorizer";

    /// <summary>Cases with more than 1,500 candidates: seconds of computing each, so only on demand.</summary>
    private static readonly HashSet<string> Large = ["k11", "k17", "k73", "k74", "k75"];

    private static readonly JsonNode Golden = TestModels.Data("keybert-golden.json");

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden["cases"]!.AsArray().Where(example => (string)example!["group"]! != BeyondTheTask)
        .Select(example => (string)example!["id"]!).Select(id => new TheoryDataRow<string>(id) { Explicit = Large.Contains(id) });

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Keywords_equal_those_of_KeyBert(string id)
    {
        var example = Golden["cases"]!.AsArray().Single(entry => (string)entry!["id"]! == id)!;
        var input = (JsonObject)example["args"]!.DeepClone();
        var texts = example["docs"]!.AsArray().Select(hash => (string)Golden["texts"]![(string)hash!]!).ToList();
        input["text"] = (bool)example["asList"]! ? new JsonArray([.. texts.Select(text => JsonValue.Create(text))]) : texts[0];
        input["compat"] = "keybert";
        var context = new TestTask(input);
        var task = new KeywordTask(TestModels.Find, null);
        if (example["error"] is not null)
        {
            await Assert.ThrowsAsync<TaskFailedException>(() => task.ExtractAsync(context.InputAs<KeywordInput>(), context));
            return;
        }

        var output = await task.ExtractAsync(context.InputAs<KeywordInput>(), context);
        var lists = (string)example["returns"]! switch
        {
            "empty" => output.Result.Count == 0 ? [] : throw new Xunit.Sdk.XunitException($"not empty: {output.Result.ToJsonString()}"),
            "one list" => [output.Result],
            _ => output.Result.Select(list => list!.AsArray()).ToList(),
        };
        var expected = example["results"]?.AsArray() ?? [];
        for (var index = 0; index < lists.Count; index++)
        {
            AssertEqual(expected[index]!.AsArray(), lists[index], example["tieGroups"]?[index]?.AsArray() ?? []);
        }
    }

    private static void AssertEqual(JsonArray expected, JsonArray actual, JsonArray tieGroups)
    {
        Assert.Equal(expected.Count, actual.Count);
        var ties = tieGroups.Select(group => group!.AsArray().Select(position => (int)position!).ToHashSet()).ToList();
        for (var position = 0; position < expected.Count; position++)
        {
            var allowed = ties.Find(group => group.Contains(position))?.Select(tied => (string)expected[tied]![0]!) ?? [(string)expected[position]![0]!];
            Assert.Contains((string)actual[position]![0]!, allowed);
            Assert.Equal((double)expected[position]![1]!, (double)actual[position]![1]!, 0.0005);
        }

        Assert.Equal(expected.Select(pair => (string)pair![0]!).Order(), actual.Select(pair => (string)pair![0]!).Order());
    }
}
