using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Idflow.Workers.Binding;

/// <summary>C# types in the words of somebody who writes JSON, and the members they have there.</summary>
internal static class TypeNames
{
    private static readonly HashSet<Type> WholeNumbers =
    [
        typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(Int128), typeof(UInt128),
    ];

    private static readonly Dictionary<Type, string> Known = new()
    {
        [typeof(string)] = "a text",
        [typeof(char)] = "a text of one character",
        [typeof(bool)] = "true or false",
        [typeof(float)] = "a number",
        [typeof(double)] = "a number",
        [typeof(decimal)] = "a number",
        [typeof(Half)] = "a number",
        [typeof(DateTime)] = "a time such as 2026-01-31T12:00:00Z",
        [typeof(DateTimeOffset)] = "a time such as 2026-01-31T12:00:00Z",
        [typeof(DateOnly)] = "a date such as 2026-01-31",
        [typeof(TimeOnly)] = "a time of day such as 12:30:00",
        [typeof(TimeSpan)] = "a duration such as 00:05:00",
        [typeof(Guid)] = "a UUID",
        [typeof(Uri)] = "an address",
        [typeof(byte[])] = "a text in base64",
        [typeof(JsonObject)] = "an object",
        [typeof(JsonArray)] = "a list",
    };

    private static readonly ConcurrentDictionary<Type, JsonTypeInfo?> Infos = new();

    public static string Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Known.TryGetValue(type, out var name))
        {
            return name;
        }

        if (WholeNumbers.Contains(type))
        {
            return "a whole number" + (type == typeof(int) || type == typeof(long) ? "" : $" ({type.Name})");
        }

        if (type.IsEnum)
        {
            return $"one of {string.Join(", ", Enum.GetNames(type))}";
        }

        return Info(type)?.Kind switch
        {
            JsonTypeInfoKind.Enumerable => ElementOf(type) is { } element && element != typeof(object) ? $"a list of values, each {Of(element)}" : "a list",
            JsonTypeInfoKind.Dictionary => "an object",
            JsonTypeInfoKind.Object when ShownMembers(type) is { Count: > 0 } members => $"an object with {string.Join(", ", members)}",
            JsonTypeInfoKind.Object => "an object",
            _ => typeof(JsonNode).IsAssignableFrom(type) || type == typeof(object) ? "a value" : $"a {type.Name}",
        };
    }

    public static IEnumerable<string> MembersOf(Type type) => Info(type)?.Properties.Select(p => p.Name) ?? [];

    public static IEnumerable<string> RequiredMembersOf(Type type) => Info(type)?.Properties.Where(p => p.IsRequired).Select(p => p.Name) ?? [];

    public static Type? MemberType(Type type, string member)
    {
        var info = Info(type);
        return info?.Kind == JsonTypeInfoKind.Dictionary ? info.ElementType : info?.Properties.FirstOrDefault(p => p.Name == member)?.PropertyType;
    }

    public static Type? ElementOf(Type type) => Info(type)?.ElementType;

    /// <summary>Those that must be there, or all where none must.</summary>
    private static List<string> ShownMembers(Type type) =>
        RequiredMembersOf(type).ToList() is { Count: > 0 } required ? required : [.. MembersOf(type)];

    private static JsonTypeInfo? Info(Type type) => Infos.GetOrAdd(Nullable.GetUnderlyingType(type) ?? type, static t =>
        {
            try
            {
                return TaskJson.Options.GetTypeInfo(t);
            }
            catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
            {
                return null;
            }
        });
}
