using Idflow.Documents.Model;
using Microsoft.Extensions.Logging;

namespace Idflow.Documents.Stores.FileSystem;

/// <summary>Folders of documents appear, move and go by one rename each; what is promised is on disk when the call returns.</summary>
internal sealed partial class MarkdownDocumentStore
{
    private readonly FlushScope _flushes = new();

    public override IDisposable BeginBulk() => _flushes.Begin();

    /// <summary>Makes the folder complete beside its place and renames it there; into a folder that is there already only the file.</summary>
    private async Task StoreFolderAsync(DocumentFolder folder, byte[] bytes, CancellationToken cancellationToken)
    {
        var parent = _folders.PathOf(folder.Status);
        FolderFlush.Create(parent);
        if (Directory.Exists(folder.Path))
        {
            await AtomicFile.WriteAsync(folder.DocumentPath, bytes, cancellationToken);
            return;
        }

        var made = Path.Combine(parent, Leftover.NameOfNew(folder.Id, Options.NewId()));
        Directory.CreateDirectory(made);
        try
        {
            await AtomicFile.WriteAsync(Path.Combine(made, SafeName.DocumentFileName), bytes, cancellationToken);
            Directory.Move(made, folder.Path);
        }
        catch
        {
            Directory.Delete(made, recursive: true);
            throw;
        }

        _flushes.ToDisk(parent);
    }

    /// <summary>Writes the new text beside the old one, moves the folder, puts the new text in its place.</summary>
    private async Task MoveAsync(DocumentFolder folder, DocumentStatus status, byte[] bytes, CancellationToken cancellationToken)
    {
        var target = new DocumentFolder(folder.Id, status, _folders.PathOf(status, folder.Id));
        _folders.CheckInside(target.Path);
        if (Directory.Exists(target.Path))
        {
            if (Directory.EnumerateFileSystemEntries(target.Path).Any())
            {
                throw new DocumentException($"{_folders.NameOf(target.Path)} is in the way of the document '{folder.Id}'; move or delete that folder.");
            }

            Directory.Delete(target.Path);
        }

        FolderFlush.Create(_folders.PathOf(status));
        await AtomicFile.WritePendingAsync(folder.DocumentPath, bytes, cancellationToken);
        try
        {
            FolderFlush.ToDisk(folder.Path);
            Directory.Move(folder.Path, target.Path);
        }
        catch
        {
            AtomicFile.TryDelete(AtomicFile.PendingPath(folder.DocumentPath));
            throw;
        }

        FolderFlush.ToDisk(_folders.PathOf(status));
        FolderFlush.ToDisk(_folders.PathOf(folder.Status));
        File.Move(AtomicFile.PendingPath(target.DocumentPath), target.DocumentPath, overwrite: true);
        FolderFlush.ToDisk(target.Path);
    }

    /// <summary>One rename takes it out of every listing; a crash while its files are deleted leaves only the renamed folder.</summary>
    private void DeleteFolder(DocumentFolder folder)
    {
        var parent = _folders.PathOf(folder.Status);
        var doomed = Path.Combine(parent, Leftover.NameOfDeleted(folder.Id, Options.NewId()));
        Directory.Move(folder.Path, doomed);
        FolderFlush.ToDisk(parent);
        try
        {
            Directory.Delete(doomed, recursive: true);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            Logger.LogError("The document '{Id}' is deleted, but not its files: {Reason} Delete {Folder} by hand.", folder.Id, FileErrors.Reason(error), doomed);
        }
    }
}
