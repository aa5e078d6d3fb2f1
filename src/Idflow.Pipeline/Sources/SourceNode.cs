using System.Text.Json.Nodes;
using Idflow.Documents.FrontMatter;
using Idflow.Documents.Model;

namespace Idflow.Pipeline.Sources;

/// <summary>What a node of a YAML file is.</summary>
public enum SourceKind { Scalar, List, Map }

/// <summary>A value of a YAML file that knows its place, so that an error about it can say where.</summary>
public sealed class SourceNode
{
    internal SourceNode(string path, int line, int column, SourceKind kind)
    {
        Path = path;
        Line = line;
        Column = column;
        Kind = kind;
    }

    public string Path { get; }

    /// <summary>From 1.</summary>
    public int Line { get; }

    /// <summary>From 1.</summary>
    public int Column { get; }

    public SourceKind Kind { get; }

    /// <summary>The text of a scalar; empty for lists and maps.</summary>
    public string Text { get; internal init; } = "";

    /// <summary>True for a scalar without quotes: its type follows from its text.</summary>
    public bool IsPlain { get; internal init; }

    public IReadOnlyList<SourceNode> Items { get; internal init; } = [];

    /// <summary>Keys are unique.</summary>
    public IReadOnlyList<SourceEntry> Entries { get; internal init; } = [];

    /// <summary>Nodes in this tree, aliases counted each time.</summary>
    internal int Size { get; init; } = 1;

    public bool IsNull => Kind == SourceKind.Scalar && Scalar() is null;

    public SourceNode? this[string key] => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;

    /// <summary>
    /// The typed value, as in a <see cref="PropertyMap"/>: null, bool, long, double, text, date, timestamp, list or map.
    /// </summary>
    public object? ToValue() => Kind switch
    {
        SourceKind.List => Items.Select(item => item.ToValue()).ToList(),
        SourceKind.Map => new PropertyMap(Entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.ToValue()))),
        _ => Scalar(),
    };

    /// <summary>The value as JSON; dates and timestamps are their text.</summary>
    public JsonNode? ToJson() => Kind switch
    {
        SourceKind.List => new JsonArray([.. Items.Select(item => item.ToJson())]),
        SourceKind.Map => new JsonObject(Entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.ToJson()))),
        _ => Scalar() switch
        {
            null => null,
            bool flag => JsonValue.Create(flag),
            long number => JsonValue.Create(number),
            double number when double.IsFinite(number) => JsonValue.Create(number),
            _ => JsonValue.Create(Text),
        },
    };

    internal SourceError Error(string message) => new(Path, Line, Column, message);

    private object? Scalar() => IsPlain && PlainScalar.TryResolve(Text, out var value, out _) ? value : Text;
}

/// <summary>A key of a map, with its place, and its value.</summary>
public sealed record SourceEntry(string Key, string Path, int Line, int Column, SourceNode Value)
{
    internal SourceError Error(string message) => new(Path, Line, Column, message);
}
