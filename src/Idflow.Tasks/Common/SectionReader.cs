using System.Globalization;
using Idflow.Documents;
using Idflow.Pipeline.Sources;

namespace Idflow.Tasks.Common;

/// <summary>Reads typed values of one section of the project's configuration; what is wrong is collected with its place.</summary>
internal sealed class SectionReader
{
    private readonly SourceNode? _node;
    private readonly string _name;
    private readonly List<SourceError> _errors;

    /// <param name="node">The section; null when it is absent: everything has its default.</param>
    /// <param name="name">Its full name, for messages.</param>
    /// <param name="errors">Where errors go.</param>
    /// <param name="known">The keys that it may have.</param>
    public SectionReader(SourceNode? node, string name, List<SourceError> errors, params ReadOnlySpan<string> known)
    {
        (_node, _name, _errors) = (node, name, errors);
        if (node is { Kind: not SourceKind.Map })
        {
            Wrong(node, "", "must be a map of settings");
            _node = null;
        }

        var names = known.ToArray();
        foreach (var entry in (_node?.Entries ?? []).Where(entry => !names.Contains(entry.Key, StringComparer.Ordinal)))
        {
            var nearest = NearestName.Of(entry.Key, names);
            errors.Add(new(entry.Path, entry.Line, entry.Column, $"'{_name}.{entry.Key}' is not known; {(nearest is null ? $"known are {string.Join(", ", names)}" : $"did you mean '{nearest}'?")}"));
        }
    }

    public SectionReader Section(string key, params ReadOnlySpan<string> known) => new(Find(key), $"{_name}.{key}", _errors, known);

    public string? Text(string key) => Find(key) is { } node ? node.Kind == SourceKind.Scalar ? node.Text : Wrong(node, key, "must be text") : null;

    public bool? Flag(string key)
    {
        if (Find(key) is not { } node || node.ToValue() is bool)
        {
            return (bool?)Find(key)?.ToValue();
        }

        Wrong(node, key, "must be true or false");
        return null;
    }

    public double? Number(string key, double least, double most)
    {
        if (Find(key) is not { } node)
        {
            return null;
        }

        double? value = node.ToValue() switch { long whole => whole, double number => number, _ => null };
        if (value >= least && value <= most)
        {
            return value;
        }

        Wrong(node, key, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}"));
        return null;
    }

    public string Choice(string key, string otherwise, params string[] allowed)
    {
        var value = Text(key);
        if (value is null || allowed.Contains(value, StringComparer.Ordinal))
        {
            return value ?? otherwise;
        }

        Wrong(Find(key)!, key, $"must be one of {string.Join(", ", allowed)}");
        return otherwise;
    }

    public IReadOnlyList<string>? List(string key)
    {
        if (Find(key) is not { } node)
        {
            return null;
        }

        if (node.Kind == SourceKind.List && node.Items.All(item => item.Kind == SourceKind.Scalar))
        {
            return [.. node.Items.Select(item => item.Text)];
        }

        Wrong(node, key, "must be a list of texts");
        return null;
    }

    public string? Address(string key)
    {
        var text = Text(key);
        if (text is null || (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")))
        {
            return text;
        }

        return Wrong(Find(key)!, key, "must be an http or https address");
    }

    private SourceNode? Find(string key) => _node?[key] is { IsNull: false } node ? node : null;

    private string? Wrong(SourceNode node, string key, string problem)
    {
        _errors.Add(new(node.Path, node.Line, node.Column, $"'{(key.Length == 0 ? _name : $"{_name}.{key}")}' {problem}"));
        return null;
    }
}
