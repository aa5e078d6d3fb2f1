namespace Idflow.Engine.Ownership;

/// <summary>
/// Who owns an engine directory: at most one process, by a lock of the operating system that goes with the process, however it dies.
/// Beside the lock stands the address at which the owner serves the REST API, for the commands of other processes.
/// </summary>
public sealed class EngineOwnership : IDisposable
{
    private const string LockName = "engine.lock";
    private const string UrlName = "engine.url";
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly string _directory;
    private readonly FileStream _lock;

    private EngineOwnership(string directory, FileStream held)
    {
        _directory = directory;
        _lock = held;
    }

    /// <summary>Takes the directory for this process, creating it when it is not there.</summary>
    /// <exception cref="EngineInUseException">Another engine owns it.</exception>
    public static async Task<EngineOwnership> TakeAsync(string directory, TimeProvider time, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(directory);
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                var held = new FileStream(Path.Combine(directory, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                File.Delete(Path.Combine(directory, UrlName));
                return new EngineOwnership(directory, held);
            }
            catch (IOException error) when (IsTaken(error))
            {
                // Somebody may just be asking whether there is an owner.
                if (time.GetElapsedTime(start) > Patience || ReadUrl(directory) is not null)
                {
                    throw new EngineInUseException(directory, ReadUrl(directory), error);
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a process owns the directory, and where it serves the REST API; null when it does not (yet).</summary>
    public static (bool IsOwned, string? Url) Find(string directory)
    {
        var path = Path.Combine(directory, LockName);
        if (!File.Exists(path))
        {
            return (false, null);
        }
        try
        {
            using var probe = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return (false, null);
        }
        catch (FileNotFoundException)
        {
            return (false, null);
        }
        catch (IOException error) when (IsTaken(error))
        {
            return (true, ReadUrl(directory));
        }
    }

    /// <summary>Tells other processes where this one serves, without <c>/api</c>; null when it ends.</summary>
    public void Publish(string? url)
    {
        var path = Path.Combine(_directory, UrlName);
        if (url is null)
        {
            File.Delete(path);
            return;
        }

        File.WriteAllText(path + ".tmp", url);
        File.Move(path + ".tmp", path, overwrite: true);
    }

    public void Dispose()
    {
        File.Delete(Path.Combine(_directory, UrlName));
        _lock.Dispose();
    }

    /// <summary>EAGAIN and its kin on Unix, a sharing or lock violation on Windows; everything else is a real problem.</summary>
    private static bool IsTaken(IOException error) => (error.HResult & 0xffff) is 11 or 32 or 33 or 35;

    private static string? ReadUrl(string directory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, UrlName)).Trim() is { Length: > 0 } url ? url : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
