namespace Idflow.Documents.Stores.FileSystem;

/// <summary>Turns failures of the file system into sentences that say what could not be done and what that means.</summary>
internal static class FileErrors
{
    public static bool IsFileError(Exception error) => error is IOException or UnauthorizedAccessException or NotSupportedException;

    /// <param name="error">What the file system said.</param>
    /// <param name="what">Like <c>The document 'x' cannot be written</c>.</param>
    public static DocumentException Explain(Exception error, string what) => new($"{what}: {Reason(error)}", error);

    public static string Reason(Exception error) => error switch
    {
        UnauthorizedAccessException or IOException { HResult: AccessDenied or NotPermitted } => $"no permission ({error.Message.TrimEnd('.')}). Give this user write access to the folder and what is in it.",
        IOException { HResult: NoSpace or DiskFullWindows } => "the disk is full. Nothing was changed; make room and try again.",
        IOException { HResult: ReadOnlyFileSystem } => "the file system is read-only. Mount it writable, or copy the project to one that is.",
        _ => error.Message,
    };

    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int DiskFullWindows = unchecked((int)0x80070070);
}
