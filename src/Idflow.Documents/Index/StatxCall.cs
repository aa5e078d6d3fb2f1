using System.Runtime.InteropServices;

namespace Idflow.Documents.Index;

/// <summary>
/// The <c>statx</c> call of Linux (man 2 statx): one system call, no allocation, and the change time that the base library does not
/// give. The structure is the same on all architectures.
/// </summary>
internal static unsafe partial class StatxCall
{
    private const int CurrentDirectory = -100;
    private const uint BasicStats = 0x7ff;
    private const int BufferSize = 256;
    private const int PermissionDenied = 13;
    private const int InodeOffset = 32;
    private const int SizeOffset = 40;
    private const int ChangedOffset = 96;
    private const int ModifiedOffset = 112;

    /// <summary>A path that may not be looked at counts as there, with an empty stamp: reading it will say why.</summary>
    public static bool TryRead(ReadOnlySpan<byte> pathWithNul, out FileStamp stamp)
    {
        var buffer = stackalloc byte[BufferSize];
        fixed (byte* path = pathWithNul)
        {
            if (Statx(CurrentDirectory, path, 0, BasicStats, buffer) != 0)
            {
                stamp = default;
                return Marshal.GetLastPInvokeError() == PermissionDenied;
            }
        }

        var fields = new ReadOnlySpan<byte>(buffer, BufferSize);
        stamp = new FileStamp(
            TimeAt(fields, ModifiedOffset), TimeAt(fields, ChangedOffset), MemoryMarshal.Read<long>(fields[SizeOffset..]), MemoryMarshal.Read<ulong>(fields[InodeOffset..]));
        return true;
    }

    private static long TimeAt(ReadOnlySpan<byte> fields, int offset) =>
        (MemoryMarshal.Read<long>(fields[offset..]) * 1_000_000_000) + MemoryMarshal.Read<uint>(fields[(offset + sizeof(long))..]);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, byte* path, int flags, uint mask, byte* result);
}
