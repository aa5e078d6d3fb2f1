using System.Text.Json;

namespace Idflow.Cli.Hosting;

/// <summary>
/// Who owns the engine of a project: a lock of the operating system, held by an open file, so that it ends with its process
/// whatever happens to it. Beside it a file says where the owner serves its API.
/// </summary>
internal sealed class EngineLock : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _ownerFile;

    private EngineLock(FileStream file, string ownerFile)
    {
        _lock = file;
        _ownerFile = ownerFile;
    }

    /// <param name="engineDirectory"><c>.idflow/engine</c> of the project; made when needed.</param>
    /// <returns>Null while another process has it.</returns>
    public static EngineLock? TryTake(string engineDirectory)
    {
        Directory.CreateDirectory(engineDirectory);
        try
        {
            var file = new FileStream(Path.Combine(engineDirectory, "owner.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var engineLock = new EngineLock(file, OwnerFile(engineDirectory));
            engineLock.Write(new EngineOwner(Environment.ProcessId, null));
            return engineLock;
        }
        catch (IOException e) when (IsTaken(e))
        {
            return null;
        }
    }

    /// <summary>What the last owner wrote. It says nothing about whether that owner lives: try the lock, or call its address.</summary>
    public static EngineOwner? ReadOwner(string engineDirectory)
    {
        try
        {
            return JsonSerializer.Deserialize<EngineOwner>(File.ReadAllText(OwnerFile(engineDirectory)));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Says where the API is from now on, without <c>/api</c>; null when it ends.</summary>
    public void Publish(string? url) => Write(new EngineOwner(Environment.ProcessId, url));

    public void Dispose()
    {
        File.Delete(_ownerFile);
        _lock.Dispose();
    }

    private static string OwnerFile(string engineDirectory) => Path.Combine(engineDirectory, "owner.json");

    private void Write(EngineOwner owner)
    {
        var temporary = _ownerFile + ".new";
        File.WriteAllText(temporary, JsonSerializer.Serialize(owner));
        File.Move(temporary, _ownerFile, overwrite: true);
    }

    /// <summary>EAGAIN and its kin on Unix, a sharing or lock violation on Windows; everything else is a real problem.</summary>
    private static bool IsTaken(IOException e) => (e.HResult & 0xffff) is 11 or 32 or 33 or 35;
}

/// <summary>The process that owns the engine.</summary>
/// <param name="ProcessId">Its id.</param>
/// <param name="Url">Where it serves the REST API, without <c>/api</c>; null while it serves none.</param>
internal sealed record EngineOwner(int ProcessId, string? Url);
