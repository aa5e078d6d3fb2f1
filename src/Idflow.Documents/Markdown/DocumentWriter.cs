using Idflow.Documents.FrontMatter;
using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Documents.Markdown;

/// <summary>The text of a <c>doc.md</c>: of a new document as the original writes it, of a changed one with only the changed keys touched.</summary>
internal static class DocumentWriter
{
    /// <summary>Reference lists stand at the end of a front matter.</summary>
    private static readonly HashSet<string> LastKeys = [ReservedKeys.DocumentReferences, ReservedKeys.FileReferences];

    /// <summary>A whole new file.</summary>
    public static string Create(Document document)
    {
        var keys = new List<KeyValuePair<string, object?>>
        {
            new(ReservedKeys.Status, StatusNames.Of(document.Status)),
            new(ReservedKeys.Id, document.Id),
        };
        keys.AddRange(document.Properties);
        keys.Add(new(ReservedKeys.DocumentReferences, document.DocumentReferences.Select(EntryOf).ToList<object?>()));
        keys.Add(new(ReservedKeys.FileReferences, document.FileReferences.Select(EntryOf).ToList<object?>()));
        return MarkdownFile.Create(new PropertyMap(keys), document.Body);
    }

    /// <summary>The file with what the document says; the very same text when that is nothing new.</summary>
    /// <param name="file">The file as it is.</param>
    /// <param name="document">What it shall say, normalised.</param>
    /// <param name="isChanged">False when the document says nothing new: then only an id or status that contradicts the folder is mended, a missing one is left.</param>
    public static string Edit(DocumentFile file, Document document, bool isChanged)
    {
        var keys = Mended(file, ReservedKeys.Id, file.Id, document.Id, isChanged, file.Keys);
        keys = Mended(file, ReservedKeys.Status, file.Status, StatusNames.Of(document.Status), isChanged, keys);
        keys = MarkdownFile.WithProperties(keys, file.Properties, document.Properties);
        keys = WithReferences(keys, ReservedKeys.DocumentReferences, file.DocumentReferences, document.DocumentReferences, reference => reference.Uuid, EntryOf);
        keys = WithReferences(keys, ReservedKeys.FileReferences, file.FileReferences, document.FileReferences, reference => reference.Uuid, EntryOf);
        return MarkdownFile.Edit(file.Source, file.Keys, keys, file.Body, document.Body, LastKeys);
    }

    /// <summary>The key with what the folder says; a missing one comes first, as in a new document.</summary>
    private static PropertyMap Mended(DocumentFile file, string key, string? written, string expected, bool isChanged, PropertyMap keys) =>
        written == expected || (written is null && !isChanged) ? keys
        : file.Keys.ContainsKey(key) ? keys.With(key, expected)
        : new PropertyMap(keys.Prepend(new(key, expected)));

    /// <summary>
    /// The key with the list of references, where it changed. An entry that is the same keeps what is written for it (keys that are unknown
    /// here), entries that cannot be read are kept too.
    /// </summary>
    private static PropertyMap WithReferences<T>(PropertyMap keys, string key, IReadOnlyList<T> before, IReadOnlyList<T> after, Func<T, string> uuidOf, Func<T, PropertyMap> entryOf)
    {
        if (before.Count == after.Count && !before.Where((reference, index) => !PropertyValue.Same(entryOf(reference), entryOf(after[index]))).Any())
        {
            return keys;
        }

        var written = (keys.GetValueOrDefault(key) as IReadOnlyList<object?> ?? []).ToList();
        var readable = written.Where(item => item is PropertyMap entry && before.Any(reference => uuidOf(reference) == DocumentFile.ScalarText(entry.GetValueOrDefault("uuid")))).ToList();
        var entries = written.Except(readable, ReferenceEqualityComparer.Instance).ToList();
        var free = Enumerable.Range(0, Math.Min(before.Count, readable.Count)).ToList();
        foreach (var reference in after)
        {
            var entry = entryOf(reference);
            var same = free.FindIndex(index => PropertyValue.Same(entryOf(before[index]), entry));
            entries.Add(same < 0 ? entry : readable[free[same]]);
            if (same >= 0)
            {
                free.RemoveAt(same);
            }
        }

        return keys.With(key, entries);
    }

    private static PropertyMap EntryOf(DocumentReference reference) =>
        new([new("key", reference.Key), new("uuid", reference.Uuid), new("data", reference.Data)]);

    private static PropertyMap EntryOf(FileReference reference) =>
        new([new("key", reference.Key), new("filename", reference.FileName), new("uuid", reference.Uuid), new("data", reference.Data)]);
}
