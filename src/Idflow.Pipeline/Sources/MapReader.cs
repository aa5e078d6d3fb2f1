using System.Globalization;
using Idflow.Documents;
using Idflow.Documents.FrontMatter;
using Idflow.Documents.Query;

namespace Idflow.Pipeline.Sources;

/// <summary>
/// Reads the known keys of a map and collects what is wrong: every error names file, line, column and key. A value that is
/// wrong reads as its default, so that all errors of a file are found together.
/// </summary>
internal sealed class MapReader
{
    private readonly SourceNode _map;
    private readonly List<SourceError> _errors;
    private readonly string _prefix;

    /// <param name="map">The node that should be a map; anything else is an error and reads as an empty map.</param>
    /// <param name="what">What the map is, for messages: <c>a stage</c>.</param>
    /// <param name="prefix">The keys that lead to the map, with a dot at the end; empty at the top.</param>
    /// <param name="errors">Where errors go.</param>
    /// <param name="known">The keys that the map may have.</param>
    public MapReader(SourceNode map, string what, string prefix, List<SourceError> errors, params ReadOnlySpan<string> known)
    {
        _map = map;
        _prefix = prefix;
        _errors = errors;
        if (map.Kind != SourceKind.Map)
        {
            var name = prefix.TrimEnd('.');
            errors.Add(map.Error(name.Length == 0 ? $"Expected {what}: a map of keys and values." : $"'{name}' must be {what}: a map of keys and values."));
            return;
        }

        string[] names = [.. known];
        foreach (var entry in map.Entries.Where(entry => !names.Contains(entry.Key)))
        {
            errors.Add(entry.Error($"Unknown key '{prefix}{entry.Key}' in {what}. {Suggest(entry.Key, names)}"));
        }
    }

    public SourceNode Map => _map;

    /// <summary>"Did you mean ..?", or the known names.</summary>
    public static string Suggest(string mistyped, IReadOnlyList<string> known) =>
        NearestName.Of(mistyped, known) is { } nearest ? $"Did you mean '{nearest}'?"
        : known.Count == 0 ? "None are known."
        : $"Known: {string.Join(", ", known)}.";

    /// <summary>The node of a key that is there and not null.</summary>
    public SourceNode? Find(string key) => _map[key] is { IsNull: false } node ? node : null;

    /// <summary>The node of a key that must be there (it may be null).</summary>
    public SourceNode? Require(string key, string what)
    {
        var node = _map[key];
        if (node is null && _map.Kind == SourceKind.Map)
        {
            _errors.Add(_map.Error($"'{_prefix}{key}' is missing: {what}."));
        }

        return node;
    }

    public string? Text(string key, string what, bool required = false)
    {
        var node = required ? Require(key, what) : Find(key);
        if (node is null)
        {
            return null;
        }

        if (node.Kind == SourceKind.Scalar && node.ToValue() is string text && text.Length > 0)
        {
            return text;
        }

        Wrong(node, key, node.Kind == SourceKind.Scalar && node.IsPlain && !node.IsNull
            ? $"must be text ({what}); YAML reads {node.Text} as {PropertyText.KindOf(node.ToValue())}, so write it in quotes"
            : $"must be text ({what})");
        return null;
    }

    /// <summary>True or false; text such as <c>'yes'</c> is understood too.</summary>
    public bool Flag(string key, bool byDefault)
    {
        if (Find(key) is not { } node)
        {
            return byDefault;
        }

        if (node.Kind == SourceKind.Scalar && PlainScalar.TryResolve(node.Text.ToLowerInvariant(), out var value, out _) && value is bool flag)
        {
            return flag;
        }

        Wrong(node, key, "must be true or false");
        return byDefault;
    }

    /// <summary>A whole number; digits in quotes are understood too.</summary>
    public int? Number(string key, int least = int.MinValue)
    {
        if (Find(key) is not { } node)
        {
            return null;
        }

        if (node.Kind == SourceKind.Scalar && int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least)
        {
            return number;
        }

        Wrong(node, key, least > int.MinValue ? $"must be a whole number of at least {least}" : "must be a whole number");
        return null;
    }

    /// <summary>A positive number of seconds or the like.</summary>
    public double? Positive(string key)
    {
        if (Find(key) is not { } node)
        {
            return null;
        }

        if (node.Kind == SourceKind.Scalar && double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number))
        {
            return number;
        }

        Wrong(node, key, "must be a number above 0");
        return null;
    }

    public IReadOnlyList<SourceNode> List(string key, string what)
    {
        if (Find(key) is not { } node)
        {
            return [];
        }

        if (node.Kind == SourceKind.List)
        {
            return node.Items;
        }

        Wrong(node, key, $"must be {what}: a list, each entry on a line that begins with '- '");
        return [];
    }

    public void Wrong(SourceNode at, string key, string message) => _errors.Add(at.Error($"'{_prefix}{key}' {message}."));
}
