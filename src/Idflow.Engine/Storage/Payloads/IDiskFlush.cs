using Microsoft.Win32.SafeHandles;

namespace Idflow.Engine.Storage.Payloads;

/// <summary>What the operating system is asked to put on disk; a test sees here what would be left after a power cut.</summary>
internal interface IDiskFlush
{
    /// <summary>The content of a file that is open for reading and writing is on disk when this returns.</summary>
    void File(SafeFileHandle file, string path);

    /// <summary>New, moved and deleted names of a folder are on disk when this returns.</summary>
    void Folder(string folder);
}
