using System.Threading.Channels;

namespace Idflow.Server.Http;

/// <summary>
/// Lets few large bodies be read at once: one takes several times its size while it is read and understood. Others wait, unread, which their
/// clients notice as a slow connection. Small bodies pass.
/// </summary>
internal sealed class BodyGate(ServerOptions options)
{
    /// <summary>Bodies of more bytes are large.</summary>
    public const int Small = 1024 * 1024;

    /// <summary>One entry for each place that is taken.</summary>
    private readonly Channel<bool> _taken = Channel.CreateBounded<bool>(options.MaxLargeBodies);

    /// <returns>A place; disposing of it makes room for another body.</returns>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _taken.Writer.WriteAsync(true, cancellationToken);
        return new Place(_taken);
    }

    private sealed class Place(Channel<bool> taken) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                taken.Reader.TryRead(out _);
            }
        }
    }
}
