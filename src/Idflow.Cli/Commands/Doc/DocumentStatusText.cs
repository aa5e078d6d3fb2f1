using Idflow.Cli.Errors;
using Idflow.Documents;
using Idflow.Documents.Model;

namespace Idflow.Cli.Commands.Doc;

/// <summary>Statuses of documents as the command line writes them: lower case.</summary>
internal static class DocumentStatusText
{
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetNames<DocumentStatus>().Select(name => name.ToLowerInvariant())];

    public static string Of(DocumentStatus status) => status.ToString().ToLowerInvariant();

    /// <exception cref="CliException">There is no such status.</exception>
    public static DocumentStatus Parse(string text)
    {
        if (Names.Contains(text))
        {
            return Enum.Parse<DocumentStatus>(text, ignoreCase: true);
        }

        var near = NearestName.Of(text, Names);
        throw CliException.Usage($"'{text}' is not a document status.", (near is null ? "" : $"Did you mean '{near}'? ") + $"Known are {string.Join(", ", Names)}.");
    }
}
