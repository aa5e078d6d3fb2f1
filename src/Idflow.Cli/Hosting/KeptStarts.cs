using System.Threading.Channels;
using Idflow.Conductor;
using Idflow.Documents;
using Idflow.Pipeline;
using Idflow.Pipeline.Evaluation;
using Microsoft.Extensions.Logging;

namespace Idflow.Cli.Hosting;

/// <summary>Sends the starts that were kept while the server was away.</summary>
internal sealed class KeptStarts(HostParts parts, WorkTracker tracker)
{
    /// <summary>A start that could not be sent again is tried after so long.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(5);

    /// <summary>Each time the server answers again, and after a failure in between; until it is stopped.</summary>
    public async Task SendAsync(CancellationToken stop)
    {
        var answers = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        tracker.ServerAnswers = () => answers.Writer.TryWrite(true);
        var isPending = false;
        while (true)
        {
            if (isPending)
            {
                await Task.Delay(TryAgain, parts.Fleet.TimeProvider, stop).ConfigureAwait(false);
            }
            else
            {
                await answers.Reader.ReadAsync(stop).ConfigureAwait(false);
            }

            try
            {
                isPending = (await parts.SendPendingStarts(stop).ConfigureAwait(false)).Any(stage => stage.Decision == StageDecision.Pending);
            }
            catch (Exception e) when (e is ConductorException or DocumentException or PipelineException or IOException)
            {
                parts.Fleet.Logger.LogWarning(e, "Starts that are kept could not be sent");
                isPending = true;
            }
        }
    }
}
