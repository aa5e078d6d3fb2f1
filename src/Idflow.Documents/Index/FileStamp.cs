using System.Text;

namespace Idflow.Documents.Index;

/// <summary>
/// What the file system says about a file or folder, so that a change shows without reading it. Times are nanoseconds
/// since 1970 (UTC). <paramref name="Changed"/> (the inode's change time) and <paramref name="Inode"/> also catch a file
/// that was replaced by one of the same size and modification time; they are 0 where the system does not tell.
/// </summary>
internal readonly record struct FileStamp(long Modified, long Changed, long Size, ulong Inode)
{
    /// <summary>Two changes within this time may carry the same time: the tick of the kernel's file clock, with room.</summary>
    private const long Tick = 50_000_000;

    /// <summary>The same for file systems that keep whole seconds (even ones, at worst).</summary>
    private const long CoarseTick = 2_000_000_000;

    private static readonly StampSource Source = OperatingSystem.IsLinux() ? StatxCall.TryRead : ReadManaged;

    private delegate bool StampSource(ReadOnlySpan<byte> pathWithNul, out FileStamp stamp);

    /// <summary>Follows links; false where nothing is there or it cannot be seen.</summary>
    /// <param name="pathWithNul">The absolute path in UTF-8, with a 0 byte at its end.</param>
    /// <param name="stamp">The stamp.</param>
    public static bool TryRead(ReadOnlySpan<byte> pathWithNul, out FileStamp stamp) => Source(pathWithNul, out stamp);

    /// <summary>Whether a later change could still carry this same stamp.</summary>
    /// <param name="now">The time before the stamp was read, in nanoseconds since 1970.</param>
    public bool IsYoung(long now) => now - Math.Max(Modified, Changed) < (Modified % 1_000_000_000 == 0 ? CoarseTick : Tick);

    /// <summary>Mixes this stamp into the fingerprint of several (multiply and shift, as in the finalizer of MurmurHash3).</summary>
    public ulong MixInto(ulong fingerprint) =>
        Mix(Mix(Mix(Mix(fingerprint, (ulong)Modified), (ulong)Changed), (ulong)Size), Inode);

    private static ulong Mix(ulong fingerprint, ulong value)
    {
        var mixed = (fingerprint ^ value) * 0xff51afd7ed558ccd;
        mixed = (mixed ^ (mixed >> 33)) * 0xc4ceb9fe1a85ec53;
        return mixed ^ (mixed >> 33);
    }

    private static bool ReadManaged(ReadOnlySpan<byte> pathWithNul, out FileStamp stamp)
    {
        var path = Encoding.UTF8.GetString(pathWithNul[..^1]);
        FileSystemInfo info = new FileInfo(path);
        info = info.Exists ? info : new DirectoryInfo(path);
        stamp = info.Exists
            ? new FileStamp((info.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * 100, (info.CreationTimeUtc - DateTime.UnixEpoch).Ticks * 100, (info as FileInfo)?.Length ?? 0, 0)
            : default;
        return info.Exists;
    }
}
