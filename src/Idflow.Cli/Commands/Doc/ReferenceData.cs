using Idflow.Cli.Errors;
using Idflow.Documents;
using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Cli.Commands.Doc;

/// <summary>What <c>--doc-data</c> or <c>--file-data</c> sets: one value under a path (<c>KEY.k=v</c>), or the whole map (<c>KEY=JSON</c>).</summary>
internal sealed record ReferenceData(string Option, string Key, string? Path, object? Value)
{
    public static ReferenceData Parse(string text, string option)
    {
        var (name, value) = PropertyValueParser.Split(text, option);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0)
        {
            return new(option, name[..dot], name[(dot + 1)..], PropertyValueParser.Parse(value));
        }

        return ParseJson($"{option} {name}", value) is PropertyMap map ? new(option, name, null, map)
            : throw CliException.Usage($"{option} {text}: the data of a reference is a map.", $"Write {option} '{name}.k=v', or {option} '{name}={{\"k\": \"v\"}}'.");
    }

    /// <summary>The value of an argument that is JSON; <paramref name="argument"/> names it in the error.</summary>
    public static object? ParseJson(string argument, string value)
    {
        try
        {
            return PropertyJson.Parse(value);
        }
        catch (FilterException error)
        {
            throw CliException.Usage($"{argument}: {error.Message}");
        }
    }

    public PropertyMap ApplyTo(PropertyMap data) => Path is null ? (PropertyMap)Value! : PropertyPath.Set(data, Path, Value);
}
