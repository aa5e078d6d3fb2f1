using Idflow.Documents.Query;

namespace Idflow.Documents.Tests.Query;

/// <summary>The answers the original's help promises, over the original's own documents.</summary>
public sealed class OriginalFilterCases
{
    public static TheoryData<string, string[]> Cases()
    {
        var data = new TheoryData<string, string[]>();
        foreach (var oracle in OriginalDocuments.ReadJson("filter-cases.json").GetProperty("cases").EnumerateArray())
        {
            data.Add(oracle.GetProperty("filter").GetString()!, [.. oracle.GetProperty("intended").EnumerateArray().Select(label => label.GetString()!)]);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Filter_finds_what_the_help_of_the_original_promises(string expression, string[] labels)
    {
        var filter = DocumentFilter.Parse(expression);

        var found = OriginalDocuments.Load().Where(entry => filter.Matches(entry.Value)).Select(entry => entry.Key);

        Assert.Equal(labels.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }
}
