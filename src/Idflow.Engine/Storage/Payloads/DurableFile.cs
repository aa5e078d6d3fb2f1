namespace Idflow.Engine.Storage.Payloads;

/// <summary>Files that are whole and on disk, or not there.</summary>
internal sealed class DurableFile(IDiskFlush disk)
{
    /// <summary>Suffix of a file that is being written.</summary>
    public const string Unfinished = ".unfinished";

    public void Write(string path, ReadOnlySpan<byte> content)
    {
        var unfinished = path + Unfinished;
        using (var file = File.OpenHandle(unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.None, content.Length))
        {
            RandomAccess.Write(file, content, 0);
            disk.File(file, unfinished);
        }
        Name(unfinished, path);
    }

    /// <summary>Gives a file that is whole and on disk its name.</summary>
    public void Name(string unfinished, string path, bool overwrite = true)
    {
        File.Move(unfinished, path, overwrite);
        disk.Folder(Path.GetDirectoryName(path)!);
    }

    /// <summary>What was written to a file is on disk when this returns.</summary>
    public void Sync(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        disk.File(file, path);
    }

    /// <summary>The same for a file that is still open.</summary>
    public void Sync(FileStream file)
    {
        file.Flush();
        disk.File(file.SafeFileHandle, file.Name);
    }

    /// <summary>New and moved names of a folder are on disk when this returns.</summary>
    public void SyncFolder(string folder) => disk.Folder(folder);

    /// <summary>Makes a folder, with those above it that are missing, so that it is there after a power cut too.</summary>
    public void MakeFolder(string folder)
    {
        if (Directory.Exists(folder) || Path.GetDirectoryName(folder) is not { Length: > 0 } parent)
        {
            return;
        }
        MakeFolder(parent);
        Directory.CreateDirectory(folder);
        disk.Folder(parent);
    }
}
