using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Idflow.Engine.Storage.Payloads;

/// <summary>fsync of files and folders. Windows has no such call for folders, and keeps them without.</summary>
internal sealed class DiskFlush : IDiskFlush
{
    public static readonly DiskFlush Instance = new();

    public void File(SafeFileHandle file, string path) => RandomAccess.FlushToDisk(file);

    public void Folder(string folder)
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
