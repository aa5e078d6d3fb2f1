using System.Text;

namespace Idflow.Documents.Stores.FileSystem;

/// <summary>
/// Locks between processes: an exclusively opened file (an OS lock that a killed process loses at once) under <c>.idflow/locks/</c>, one of 256 by
/// the hash of the id, so that the folder stays small; two documents that share one only wait for each other. The files stay:
/// deleting a lock file is a race.
/// </summary>
internal sealed class DocumentLocks(string folder, TimeSpan timeout)
{
    private const int Files = 256;
    private const int WouldBlock = 11;
    private const int WouldBlockMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly SemaphoreSlim?[] _inProcess = new SemaphoreSlim?[Files];
    private readonly AsyncLocal<Held?> _held = new();

    /// <summary>
    /// Waits for the document's lock. In a call that already holds the same lock file for another document (a hook) it is entered again.
    /// </summary>
    /// <exception cref="DocumentException">This call already holds the document, or it stays locked beyond the timeout.</exception>
    public async Task<Held> AcquireAsync(string id, CancellationToken cancellationToken)
    {
        var index = IndexOf(id);
        for (var held = _held.Value; held is not null; held = held.Outer)
        {
            if (held.IsReleased)
            {
                continue;
            }

            if (held.Id == id)
            {
                throw new DocumentException($"The document '{id}' is being changed; a hook that runs before the change must not change it itself.");
            }

            if (held.Index == index)
            {
                return new Held(id, index, null, null, _held.Value);
            }
        }

        var gate = GateOf(index);
        var deadline = DateTime.UtcNow + timeout;
        if (!await gate.WaitAsync(timeout, cancellationToken))
        {
            throw TimedOut(id);
        }

        try
        {
            return new Held(id, index, await OpenAsync(id, index, deadline, cancellationToken), gate, _held.Value);
        }
        catch
        {
            gate.Release();
            throw;
        }
    }

    /// <summary>Takes the lock if it is free at this moment; null where anybody holds it, this call included, or where locks cannot be had.</summary>
    public Held? TryAcquire(string id)
    {
        var index = IndexOf(id);
        var gate = GateOf(index);
        if (!gate.Wait(0, CancellationToken.None))
        {
            return null;
        }

        try
        {
            return new Held(id, index, new FileStream(PathOf(index), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0), gate, null);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            gate.Release();
            return null;
        }
    }

    /// <summary>Tells what runs after this in the same call that the lock is held.</summary>
    public void Enter(Held held) => _held.Value = held;

    private async Task<FileStream> OpenAsync(string id, int index, DateTime deadline, CancellationToken cancellationToken)
    {
        var path = PathOf(index);
        for (var wait = 1; ; wait = Math.Min(wait * 2, 16))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (Exception error) when (error is DirectoryNotFoundException or FileNotFoundException && DateTime.UtcNow < deadline)
            {
                // The folder is missing, or was when the file was opened: another caller may have made it since.
                CreateFolder();
                await Task.Yield();
            }
            catch (IOException error) when (error.HResult is WouldBlock or WouldBlockMac or SharingViolation)
            {
                if (DateTime.UtcNow >= deadline)
                {
                    throw TimedOut(id);
                }

                await Task.Delay(wait, cancellationToken);
            }
            catch (Exception error) when (FileErrors.IsFileError(error))
            {
                throw FileErrors.Explain(error, $"The lock of the document '{id}' cannot be taken ({path})");
            }
        }
    }

    private SemaphoreSlim GateOf(int index) =>
        Volatile.Read(ref _inProcess[index]) ?? Interlocked.CompareExchange(ref _inProcess[index], new SemaphoreSlim(1, 1), null) ?? _inProcess[index]!;

    private string PathOf(int index) => Path.Combine(folder, index.ToString("x2", System.Globalization.CultureInfo.InvariantCulture) + ".lock");

    private void CreateFolder()
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Explain(error, $"The folder for locks cannot be made ({folder})");
        }
    }

    private DocumentException TimedOut(string id) =>
        new($"The document '{id}' has been locked by another process for {timeout.TotalSeconds:0} s; try again when it is done.");

    /// <summary>FNV-1a: the same in every process and version.</summary>
    private static int IndexOf(string id)
    {
        var hash = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes(id))
        {
            hash = (hash ^ octet) * 16777619u;
        }

        return (int)((hash ^ (hash >> 16)) % Files);
    }

    /// <summary>A lock that is held until disposed.</summary>
    internal sealed class Held(string id, int index, FileStream? file, SemaphoreSlim? gate, Held? outer) : IDisposable
    {
        public string Id { get; } = id;

        public int Index { get; } = index;

        public Held? Outer { get; } = outer;

        public bool IsReleased { get; private set; }

        public void Dispose()
        {
            if (!IsReleased)
            {
                IsReleased = true;
                file?.Dispose();
                gate?.Release();
            }
        }
    }
}
