using System.Runtime.InteropServices;

namespace Idflow.Cli.Hosting;

/// <summary>Ctrl-C, SIGTERM and SIGHUP for commands that drain: the first asks to stop, the second not to wait, the third ends the process.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly List<PosixSignalRegistration> _registrations;
    private readonly CancellationTokenRegistration _outer;
    private int _count;

    /// <param name="announce">Told of the first signal.</param>
    /// <param name="outer">Another reason to stop.</param>
    public StopSignals(Action announce, CancellationToken outer)
    {
        _outer = outer.Register(() => _stop.Cancel());
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, c => OnSignal(c, announce)))];
    }

    public static StopSignals For(CommandContext context) =>
        new(() => context.Output.Progress("Stopping; running tasks may finish (Ctrl-C again: do not wait)."), context.CancellationToken);

    public CancellationToken Stop => _stop.Token;

    public CancellationToken Hurry => _hurry.Token;

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _outer.Dispose();
        _stop.Dispose();
        _hurry.Dispose();
    }

    private void OnSignal(PosixSignalContext context, Action announce)
    {
        switch (Interlocked.Increment(ref _count))
        {
            case 1:
                context.Cancel = true;
                announce();
                _stop.Cancel();
                break;
            case 2:
                context.Cancel = true;
                _hurry.Cancel();
                break;
            default:
                Environment.Exit(ExitCodes.Interrupted);
                break;
        }
    }
}
