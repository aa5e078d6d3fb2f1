using Idflow.Cli.Errors;
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
        await RefuseOthersAsync(cancellationToken).ConfigureAwait(false);
        var count = 0;
        foreach (var address in Addresses())
        {
            await AddAsync(address, cancellationToken).ConfigureAwait(false);
            count++;
        }

        await AddAsync(_question, cancellationToken).ConfigureAwait(false);
        return (count, PropertyText.Of(_question.Properties["query"]));
    }

    /// <exception cref="CliException">The project has documents and none of them is the demo's: it is somebody's own.</exception>
    private async Task RefuseOthersAsync(CancellationToken cancellationToken)
    {
        var found = (await project.Documents.GetStampsAsync(cancellationToken).ConfigureAwait(false)).Stamps;
        if (found.Count > 0 && !Addresses().Append(_question).Any(document => found.ContainsKey(document.Id)))
        {
            throw new CliException(ExitCodes.Failed, $"{project.Root} is a project with documents of its own; nothing was changed.", "Name another folder, or none for a temporary one.");
        }
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

    private static IEnumerable<Document> Addresses() => Directory.GetFiles(Path.Combine(Content, "addresses"), "*.txt").Order(StringComparer.Ordinal)
        .Select(file => Read(Path.GetRelativePath(Content, file), DocumentStatus.Archived));

    private static Document Read(string name, DocumentStatus status) => MarkdownImport.Read(File.ReadAllBytes(Path.Combine(Content, name)), name, status);
}
