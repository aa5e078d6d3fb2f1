using System.Globalization;
using Idflow.Documents.FrontMatter;
using Idflow.Documents.Model;

namespace Idflow.Documents.Markdown;

/// <summary>
/// What a <c>doc.md</c> says, without its folder: <see cref="Id"/> and <see cref="Status"/> are what is written, which the folder may
/// contradict. Tolerant where nothing is lost by it: odd references become <see cref="Flaws"/>, not errors.
/// </summary>
internal sealed class DocumentFile
{
    private readonly List<FileFlaw> _flaws = [];
    private string? _body;

    private DocumentFile(MarkdownText source, PropertyMap keys)
    {
        Source = source;
        Keys = keys;
        Id = TextOf(ReservedKeys.Id);
        Status = TextOf(ReservedKeys.Status);
        Properties = PropertiesOf(keys);
        DocumentReferences = ReferencesOf(ReservedKeys.DocumentReferences, (key, entry, uuid) => new DocumentReference(key, uuid, DataOf(entry)));
        FileReferences = ReferencesOf(ReservedKeys.FileReferences, (key, entry, uuid) => new FileReference(key, ScalarText(entry.GetValueOrDefault("filename")) ?? uuid, uuid, DataOf(entry)));
    }

    public MarkdownText Source { get; }

    /// <summary>All keys of the front matter, reserved ones too.</summary>
    public PropertyMap Keys { get; }

    /// <summary>The <c>id</c> as written; null when there is none.</summary>
    public string? Id { get; }

    /// <summary>The <c>status</c> as written, unchecked; null when there is none.</summary>
    public string? Status { get; }

    public PropertyMap Properties { get; }

    public IReadOnlyList<DocumentReference> DocumentReferences { get; }

    public IReadOnlyList<FileReference> FileReferences { get; }

    /// <summary>The text below the front matter, line ends as LF.</summary>
    public string Body => _body ??= Source.Body;

    public IReadOnlyList<FileFlaw> Flaws => _flaws;

    /// <param name="utf8">The bytes of the file.</param>
    /// <param name="path">How errors name the file.</param>
    /// <exception cref="DocumentFormatException">The file cannot be read.</exception>
    public static DocumentFile Parse(ReadOnlySpan<byte> utf8, string path) => Parse(MarkdownText.Decode(utf8, path), path);

    public static DocumentFile Parse(MarkdownText source, string path) => new(source, ReadKeys(source, path));

    /// <summary>All keys of a file's front matter.</summary>
    /// <exception cref="DocumentFormatException">The front matter cannot be read.</exception>
    public static PropertyMap ReadKeys(MarkdownText source, string path)
    {
        try
        {
            return source.HasFrontMatter ? FrontMatterReader.Read(source.Yaml) : PropertyMap.Empty;
        }
        catch (YamlFormatException error)
        {
            var hint = source.IsClosed ? "" : " (the front matter has no closing line `---`)";
            throw new DocumentFormatException(path, error.Line + MarkdownText.YamlLine - 1, error.Column, error.Message + hint);
        }
    }

    /// <summary>Text of a scalar value as it would be typed; null for null, lists and maps.</summary>
    public static string? ScalarText(object? value) => value switch
    {
        null or PropertyMap or IReadOnlyList<object?> => null,
        string text => text,
        bool flag => flag ? "true" : "false",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private PropertyMap PropertiesOf(PropertyMap keys)
    {
        if (keys.ContainsKey(ReservedKeys.Body))
        {
            AddFlaw(ReservedKeys.Body, "the key `body` is not a property: the body is the text below the front matter; rename the key");
        }

        return new PropertyMap(keys.Where(entry => !ReservedKeys.IsReserved(entry.Key)));
    }

    private string? TextOf(string key)
    {
        if (!Keys.TryGetValue(key, out var value))
        {
            return null;
        }

        return ScalarText(value) ?? "";
    }

    private List<T> ReferencesOf<T>(string key, Func<string, PropertyMap, string, T> create)
    {
        var references = new List<T>();
        if (!Keys.TryGetValue(key, out var value) || value is IReadOnlyList<object?> { Count: 0 })
        {
            return references;
        }

        if (value is not IReadOnlyList<object?> entries)
        {
            AddFlaw(key, $"`{key}` must be a list of references (`[]` for none)");
            return references;
        }

        foreach (var item in entries)
        {
            if (item is PropertyMap entry && ScalarText(entry.GetValueOrDefault("uuid")) is { Length: > 0 } uuid)
            {
                CheckData(key, entry);
                references.Add(create(ScalarText(entry.GetValueOrDefault("key")) ?? "", entry, uuid));
            }
            else
            {
                AddFlaw(key, $"an entry of `{key}` has no `uuid` and is left out");
            }
        }

        return references;
    }

    private void CheckData(string key, PropertyMap entry)
    {
        if (entry.TryGetValue("data", out var data) && data is not (null or PropertyMap))
        {
            AddFlaw(key, $"`data` of an entry of `{key}` is not a map and is not shown");
        }
    }

    private static PropertyMap DataOf(PropertyMap entry) => entry.GetValueOrDefault("data") as PropertyMap ?? PropertyMap.Empty;

    private void AddFlaw(string key, string message) => _flaws.Add(new FileFlaw(LineOf(key), message));

    /// <summary>The line of a top-level key, found by its text; 0 when it is not written plainly.</summary>
    public int LineOf(string key) => LineOf(Source, key);

    /// <inheritdoc cref="LineOf(string)"/>
    public static int LineOf(MarkdownText source, string key)
    {
        var line = MarkdownText.YamlLine;
        foreach (var text in source.Yaml.EnumerateLines())
        {
            if (text.StartsWith(key) && text[key.Length..].StartsWith(":"))
            {
                return line;
            }

            line++;
        }

        return 0;
    }
}
