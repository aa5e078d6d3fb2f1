namespace Idflow.Workers.Supervision;

/// <summary>Waits that double from a first to a longest one until <see cref="Reset"/>.</summary>
internal sealed class Backoff
{
    private readonly TimeSpan _first;
    private readonly TimeSpan _longest;
    private TimeSpan _next;

    public Backoff(TimeSpan first, TimeSpan longest)
    {
        _first = first;
        _longest = longest;
        _next = first;
    }

    public TimeSpan Next()
    {
        var wait = _next < _longest ? _next : _longest;
        _next = wait + wait;
        return wait;
    }

    public void Reset() => _next = _first;
}
