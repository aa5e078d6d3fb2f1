using System.Globalization;

namespace Idflow.Tasks.Common;

/// <summary>How often something may be done: at least <paramref name="Spacing"/> apart, at most <paramref name="Most"/> times in <paramref name="Window"/>.</summary>
internal sealed record RateLimit(TimeSpan Spacing, int Most, TimeSpan Window);

/// <summary>
/// Spaces requests over all processes of a project: the times of the last ones stand in a file that one process at a time holds
/// open. A slot is written before the request is made, so two processes never take the same one.
/// </summary>
internal sealed class RateGate(string folder, TimeProvider time)
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits for the next slot of a name. A slot later than <paramref name="mostWait"/> is not taken; how long it would be is returned.</summary>
    public async Task<TimeSpan?> WaitAsync(string name, RateLimit limit, TimeSpan mostWait, CancellationToken cancellationToken)
    {
        var slot = default(DateTimeOffset);
        var taken = false;
        await WithFileAsync(name + ".times", text =>
        {
            var now = time.GetUtcNow();
            var times = Parse(text).Where(entry => entry > now - limit.Window).Order().ToList();
            slot = times.Count == 0 ? now : Later(now, times[^1] + limit.Spacing);
            if (times.Count >= limit.Most)
            {
                slot = Later(slot, times[^limit.Most] + limit.Window);
            }

            taken = slot - now <= mostWait;
            return string.Join('\n', (taken ? times.Append(slot) : times).Select(entry => entry.ToString("O", CultureInfo.InvariantCulture)));
        }, cancellationToken);
        var wait = slot - time.GetUtcNow();
        if (!taken)
        {
            return wait;
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }

        return null;
    }

    /// <summary>Reads and replaces a small file while no other process can.</summary>
    public async Task WithFileAsync(string name, Func<string, string> change, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                using var reader = new StreamReader(stream, leaveOpen: true);
                var text = await reader.ReadToEndAsync(cancellationToken);
                var changed = System.Text.Encoding.UTF8.GetBytes(change(text));
                stream.SetLength(0);
                stream.Position = 0;
                await stream.WriteAsync(changed, CancellationToken.None);
                return;
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(LockPoll, TimeProvider.System, cancellationToken);
            }
        }
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static IEnumerable<DateTimeOffset> Parse(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => DateTimeOffset.TryParse(line, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _))
        .Select(line => DateTimeOffset.Parse(line, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind));
}
