namespace Idflow.Documents.Stores.FileSystem;

/// <summary>Flushes folders at once, or, while anybody has a scope open, each of them once at the end.</summary>
internal sealed class FlushScope
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);
    private int _open;

    public IDisposable Begin()
    {
        lock (_gate)
        {
            _open++;
        }

        return new Scope(this);
    }

    public void ToDisk(string folder)
    {
        lock (_gate)
        {
            if (_open > 0)
            {
                _waiting.Add(folder);
                return;
            }
        }

        FolderFlush.ToDisk(folder);
    }

    private void End()
    {
        string[] folders;
        lock (_gate)
        {
            folders = --_open == 0 ? [.. _waiting] : [];
            if (_open == 0)
            {
                _waiting.Clear();
            }
        }

        foreach (var folder in folders)
        {
            FolderFlush.ToDisk(folder);
        }
    }

    private sealed class Scope(FlushScope owner) : IDisposable
    {
        private int _isEnded;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isEnded, 1) == 0)
            {
                owner.End();
            }
        }
    }
}
