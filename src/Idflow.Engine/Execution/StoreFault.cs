using Idflow.Engine.Storage;

namespace Idflow.Engine.Execution;

/// <summary>Tells a store that cannot be read just now from what will never work.</summary>
internal static class StoreFault
{
    /// <summary>A read that failed for a reason outside of what is stored: a disk, a file system, too many open files.</summary>
    public static bool IsPassing(Exception error) => error is EngineStoreException { IsPassing: true } or (IOException and not FileNotFoundException);
}
