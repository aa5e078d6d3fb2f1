using System.Runtime.InteropServices;
using System.Text;

namespace Idflow.Engine.Storage.Payloads;

/// <summary>Files that are whole and on disk, or not there.</summary>
internal static class DurableFile
{
    /// <summary>Suffix of a file that is being written.</summary>
    public const string Unfinished = ".unfinished";

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var unfinished = path + Unfinished;
        using (var file = File.OpenHandle(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.None, content.Length))
        {
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }
        File.Move(unfinished, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>What was written to a file is on disk when this returns.</summary>
    public static void Sync(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>New and moved names of a folder are on disk when this returns. Windows has no such call, and keeps them without.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        var handle = Open([.. Encoding.UTF8.GetBytes(folder), 0], 0);
        if (handle >= 0)
        {
            _ = Fsync(handle);
            _ = Close(handle);
        }
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int handle);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
}
