using Idflow.Documents.Model;

namespace Idflow.Documents.Tests.TestKit;

/// <summary>Writes down what it was called for, and refuses on demand.</summary>
internal sealed class RecordingHook : IDocumentHook
{
    public List<string> Calls { get; } = [];

    public bool Refuse { get; set; }

    public Task BeforeCreateAsync(Document document, CancellationToken cancellationToken) => Before("create", Title(document));

    public Task AfterCreateAsync(Document document, CancellationToken cancellationToken) => After("create", Title(document));

    public Task BeforeSaveAsync(Document before, Document after, CancellationToken cancellationToken) => Before("save", $"{Title(before)} {Title(after)}");

    public Task AfterSaveAsync(Document before, Document after, CancellationToken cancellationToken) => After("save", $"{Title(before)} {Title(after)}");

    public Task BeforeDestroyAsync(Document document, CancellationToken cancellationToken) => Before("destroy", Title(document));

    public Task AfterDestroyAsync(Document document, CancellationToken cancellationToken) => After("destroy", Title(document));

    private Task Before(string what, string title)
    {
        Calls.Add(Refuse ? $"refused {what}" : $"before {what} {title}");
        return Refuse ? throw new InvalidOperationException("refused") : Task.CompletedTask;
    }

    private Task After(string what, string title)
    {
        Calls.Add($"after {what} {title}");
        return Task.CompletedTask;
    }

    private static string Title(Document document) => document.Properties.GetValueOrDefault("title") as string ?? "";
}

/// <summary>Does something when a document is saved.</summary>
internal sealed class ActingHook : IDocumentHook
{
    public Func<Document, Document, Task>? BeforeSave { get; init; }

    public Func<Document, Document, Task>? AfterSave { get; init; }

    public Task BeforeSaveAsync(Document before, Document after, CancellationToken cancellationToken) => BeforeSave?.Invoke(before, after) ?? Task.CompletedTask;

    public Task AfterSaveAsync(Document before, Document after, CancellationToken cancellationToken) => AfterSave?.Invoke(before, after) ?? Task.CompletedTask;
}
