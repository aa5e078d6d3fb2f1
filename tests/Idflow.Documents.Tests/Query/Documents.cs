using Idflow.Documents.Model;

namespace Idflow.Documents.Tests.Query;

/// <summary>Builds documents for filter tests.</summary>
internal static class Documents
{
    public static PropertyMap Map(params (string Key, object? Value)[] entries) =>
        new(entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value)));

    public static List<object?> List(params object?[] items) => [.. items];

    public static DocumentSummary With(params (string Key, object? Value)[] properties) => Summary(properties: Map(properties));

    public static DocumentSummary Summary(
        string id = "doc", DocumentStatus status = DocumentStatus.Inbox, PropertyMap? properties = null, params StageSummary[] stages) =>
        new(id, status, properties ?? PropertyMap.Empty, [], [], stages);
}
