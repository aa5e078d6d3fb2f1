using Idflow.Documents;
using Idflow.Documents.Markdown;
using Idflow.Documents.Model;
using Idflow.Documents.Query;
using Idflow.Pipeline.Config;

namespace Idflow.Cli.Demo;

/// <summary>The demo's project: made like any other, with documents that come with idflow. Each step can be repeated.</summary>
internal sealed class DemoProject(ProjectSession project)
{
    private static readonly string Content = Path.Combine(AppContext.BaseDirectory, "demo");

    private readonly Document _question = Read("question.md", DocumentStatus.Inbox);

    /// <summary>The id of the document with the question.</summary>
    public string QuestionId => _question.Id;

    /// <summary>Makes the project where there is none; it needs no network.</summary>
    public static void Prepare(string root)
    {
        if (!ProjectLocator.IsProject(root))
        {
            ProjectInitializer.Create(root);
        }
    }

    /// <summary>Imports the addresses (as archived: they are sources, not work) and then the question; those that are there already stay.</summary>
    public async Task<(int Addresses, string Question)> AddDocumentsAsync(CancellationToken cancellationToken)
    {
        var addresses = Directory.GetFiles(Path.Combine(Content, "addresses"), "*.txt").Order(StringComparer.Ordinal).ToList();
        foreach (var address in addresses)
        {
            await AddAsync(Read(Path.GetRelativePath(Content, address), DocumentStatus.Archived), cancellationToken).ConfigureAwait(false);
        }

        await AddAsync(_question, cancellationToken).ConfigureAwait(false);
        return (addresses.Count, PropertyText.Of(_question.Properties["query"]));
    }

    private async Task AddAsync(Document document, CancellationToken cancellationToken)
    {
        try
        {
            await project.Documents.CreateAsync(document, cancellationToken).ConfigureAwait(false);
        }
        catch (DocumentExistsException)
        {
            // An earlier start of the demo has added it.
        }
    }

    private static Document Read(string name, DocumentStatus status) => MarkdownImport.Read(File.ReadAllBytes(Path.Combine(Content, name)), name, status);
}
