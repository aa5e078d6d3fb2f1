using Idflow.Documents.Markdown;

namespace Idflow.Documents.Stores;

/// <summary>
/// Checks names that become names of folders and files, the same for every store: one step of a path, never a way out of the
/// data folder. Names that begin with a dot are the store's own (temporary files).
/// </summary>
internal static class SafeName
{
    private const int Longest = 200;
    private const int MostFolders = 8;

    public static void CheckId(string id) => Check(id, "document id");

    public static void CheckStage(string stageName) => Check(stageName, "stage name");

    public static void CheckFile(string uuid)
    {
        Check(uuid, "file uuid");
        if (uuid is DocumentFileName or StagesFolderName)
        {
            throw new DocumentException($"'{uuid}' cannot be a file uuid: it is a part of the document itself.");
        }
    }

    /// <summary>A result name: steps divided by <c>/</c>; <c>stage</c> alone is the run itself.</summary>
    public static void CheckResult(string name)
    {
        var steps = name.Split('/');
        if (steps.Length > MostFolders)
        {
            throw new DocumentException($"The result name '{name}' has more than {MostFolders} steps.");
        }

        foreach (var step in steps)
        {
            Check(step, "result name");
        }

        if (name.Equals("stage", StringComparison.OrdinalIgnoreCase))
        {
            throw new DocumentException("'stage' cannot be the name of a result: stage.md is the run itself.");
        }
    }

    public const string DocumentFileName = "doc.md";
    public const string StagesFolderName = "stages";
    public const string StageFileName = "stage.md";

    /// <summary>True for a name that <see cref="CheckId"/> accepts; others in a status folder are no documents.</summary>
    public static bool IsSafe(string name) => Flaw(name) is null;

    private static void Check(string name, string what)
    {
        if (Flaw(name) is { } flaw)
        {
            throw new DocumentNameException($"'{Shown(name)}' cannot be a {what}: {flaw}.");
        }
    }

    private static string? Flaw(string name) => name switch
    {
        "" => "it is empty",
        { Length: > Longest } => $"it is longer than {Longest} characters",
        _ when name.AsSpan().ContainsAny('/', '\\') => "it holds a path separator",
        ['.', ..] => "it begins with a dot",
        _ when name.Any(char.IsControl) || name.Contains('\uFFFD') => "it holds a control character",
        _ when name.Trim() != name => "it begins or ends with a space",
        _ => null,
    };

    private static string Shown(string name) => MarkdownText.NormalizeLineEnds(name).Replace('\n', ' ') is var line && line.Length > 80 ? line[..80] + ".." : line;
}
