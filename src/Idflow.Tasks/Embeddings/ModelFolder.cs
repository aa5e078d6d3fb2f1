using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Idflow.Tasks.Embeddings;

/// <summary>A model folder cannot be used; the message names the file at fault.</summary>
internal sealed class ModelException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>
/// A folder with a sentence model: <c>model.json</c> (facts), <c>model.onnx</c>, <c>vocab.txt</c> and <c>SHA256SUMS</c>.
/// </summary>
internal sealed class ModelFolder
{
    private ModelFolder(string path, string name, int dimension, int maxTokens)
    {
        Path = path;
        Name = name;
        Dimension = dimension;
        MaxTokens = maxTokens;
    }

    public string Path { get; }

    public string Name { get; }

    public int Dimension { get; }

    /// <summary>Longest input in tokens, the two special ones included.</summary>
    public int MaxTokens { get; }

    public string ModelFile => System.IO.Path.Combine(Path, "model.onnx");

    public string VocabularyFile => System.IO.Path.Combine(Path, "vocab.txt");

    /// <summary>Null when no folder of that name lies in one of the parent folders.</summary>
    /// <exception cref="ModelException">The folder is there but its <c>model.json</c> is broken.</exception>
    public static ModelFolder? Find(IEnumerable<string> parents, string name)
    {
        var plain = name.Length > 0 && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.') && name != "..";
        if (!plain)
        {
            return null;
        }

        foreach (var parent in parents.Where(Directory.Exists))
        {
            var folder = Directory.EnumerateDirectories(parent).FirstOrDefault(path => System.IO.Path.GetFileName(path).Equals(name, StringComparison.OrdinalIgnoreCase));
            if (folder is not null)
            {
                return Open(folder);
            }
        }

        return null;
    }

    public static ModelFolder Open(string path)
    {
        var file = System.IO.Path.Combine(path, "model.json");
        try
        {
            var facts = JsonNode.Parse(File.ReadAllText(file)) as JsonObject ?? throw new ModelException($"{file}: a JSON object is expected.");
            return new(path, (string?)facts["name"] ?? System.IO.Path.GetFileName(path), (int?)facts["dimension"] ?? 384, (int?)facts["maxTokens"] ?? 256);
        }
        catch (Exception error) when (error is IOException or JsonException or InvalidOperationException or FormatException)
        {
            throw new ModelException($"{file}: {error.Message}", error);
        }
    }

    /// <summary>Compares the files with <c>SHA256SUMS</c>; a folder without that list passes.</summary>
    /// <exception cref="ModelException">A file is missing or differs.</exception>
    public void Verify()
    {
        var list = System.IO.Path.Combine(Path, "SHA256SUMS");
        if (!File.Exists(list))
        {
            return;
        }

        foreach (var line in File.ReadLines(list).Where(line => line.Length > 66))
        {
            var file = System.IO.Path.Combine(Path, line[66..]);
            if (file != ModelFile && file != VocabularyFile)
            {
                continue;
            }

            if (!File.Exists(file))
            {
                throw new ModelException($"{file} is missing; copy the model folder again.");
            }

            using var stream = File.OpenRead(file);
            if (!Convert.ToHexStringLower(SHA256.HashData(stream)).Equals(line[..64], StringComparison.OrdinalIgnoreCase))
            {
                throw new ModelException($"{file} does not have the SHA-256 that {list} gives; copy the model folder again.");
            }
        }
    }
}
