namespace Idflow.Engine.Storage.Sqlite;

/// <summary>Statuses as they stand in columns.</summary>
internal static class StatusNames<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> ByName = Enum.GetValues<T>().ToDictionary(value => value.ToString(), StringComparer.Ordinal);

    private static readonly Dictionary<T, string> Names = ByName.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static string Of(T status) => Names[status];

    public static T Parse(string name) => ByName.TryGetValue(name, out var status) ? status
        : throw new EngineStoreException($"A stored row has the status {name}, which this version does not know. Update idflow.", 0);
}
