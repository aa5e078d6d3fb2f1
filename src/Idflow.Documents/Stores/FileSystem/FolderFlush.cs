using System.Runtime.InteropServices;

namespace Idflow.Documents.Stores.FileSystem;

/// <summary>
/// Writes the entries of a folder to disk (man 2 fsync), so that a rename or a new name outlives a power failure. The base library opens no folders.
/// Windows needs nothing: its file systems keep a journal of names.
/// </summary>
internal static partial class FolderFlush
{
    private const int Retry = 4;
    private const int InputOutputError = 5;
    private const int NoSpace = 28;
    private const int CloseOnExecLinux = 0x80000;
    private const int CloseOnExecMac = 0x1000000;

    /// <exception cref="IOException">The disk does not take it. File systems that cannot flush folders are no error.</exception>
    public static void ToDisk(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            return;
        }

        var descriptor = Open(folder, OperatingSystem.IsMacOS() ? CloseOnExecMac : CloseOnExecLinux);
        if (descriptor < 0)
        {
            // Moved or deleted by somebody else, or not to be read: there is nothing here to flush.
            return;
        }

        try
        {
            int error;
            do
            {
                error = Fsync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
            }
            while (error == Retry);

            if (error is InputOutputError or NoSpace)
            {
                throw new IOException($"The folder {folder} cannot be flushed to disk: {Marshal.GetPInvokeErrorMessage(error)}", error);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Makes a folder, and what is missing above it, so that it outlives a power failure.</summary>
    public static void Create(string folder)
    {
        if (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            Create(parent);
            Directory.CreateDirectory(folder);
            ToDisk(parent);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
