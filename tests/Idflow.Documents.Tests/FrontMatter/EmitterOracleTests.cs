using Idflow.Documents.FrontMatter;
using Idflow.Documents.Model;
using Idflow.Documents.Tests.TestKit;

namespace Idflow.Documents.Tests.FrontMatter;

/// <summary>The YAML writer against what the original writes for the same value.</summary>
public sealed class EmitterOracleTests
{
    [Fact]
    public void Every_value_is_written_as_the_original_writes_it()
    {
        var wrong = new List<string>();
        var exact = 0;
        foreach (var oracle in OriginalData.Read("emitter-cases.json").GetProperty("cases").EnumerateArray())
        {
            var value = OriginalData.Value(oracle.GetProperty("value"));
            var expected = oracle.GetProperty("yaml").GetString()!;
            var actual = YamlWriter.Write(PropertyMap.Empty.With("k", value));
            if (Show.Value(FrontMatterReader.ReadFull(actual)["k"]) != Show.Value(value))
            {
                wrong.Add($"{Show.Value(value)} does not read back from {Show.Escape(actual)}");
            }

            // On purpose: NEL is escaped, since the original's form loses it; a shared object is written twice, values have no identity here.
            if (oracle.TryGetProperty("reads_back", out _) || oracle.TryGetProperty("note", out _))
            {
                continue;
            }

            exact++;
            if (actual != expected)
            {
                wrong.Add($"expected {Show.Escape(expected)}\n     was {Show.Escape(actual)}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} differ:\n" + string.Join("\n", wrong));
        Assert.Equal(532, exact);
    }
}
