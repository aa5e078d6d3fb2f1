using System.Globalization;
using Idflow.Tasks.Common;

namespace Idflow.Tasks.Search;

/// <summary>How long a host that refused is left alone, over all processes: ten minutes, doubling with each refusal up to two hours; an answer ends it.</summary>
internal sealed class Cooldown(RateGate files, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(10), Longest = TimeSpan.FromHours(2);

    /// <summary>Until when the host is left alone; null when it may be asked.</summary>
    public async Task<DateTimeOffset?> UntilAsync(string host, CancellationToken cancellationToken)
    {
        DateTimeOffset? until = null;
        await files.WithFileAsync(Name(host), text =>
        {
            until = Parse(text).Until;
            return text;
        }, cancellationToken);
        return until > time.GetUtcNow() ? until : null;
    }

    /// <summary>Notes a refusal and gives the time of the next try, not before what the host asked for.</summary>
    public async Task<DateTimeOffset> RefusedAsync(string host, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow();
        await files.WithFileAsync(Name(host), text =>
        {
            var strikes = Parse(text).Strikes;
            until = time.GetUtcNow() + TimeSpan.FromTicks(Math.Max((retryAfter ?? TimeSpan.Zero).Ticks, Math.Min(Longest.Ticks, First.Ticks << Math.Min(strikes, 8))));
            return string.Create(CultureInfo.InvariantCulture, $"{until:O} {strikes + 1}");
        }, cancellationToken);
        return until;
    }

    public Task AnsweredAsync(string host, CancellationToken cancellationToken) => files.WithFileAsync(Name(host), _ => "", cancellationToken);

    private static string Name(string host) => $"cooldown-{string.Concat(host.Select(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' ? character : '_'))}";

    private static (DateTimeOffset? Until, int Strikes) Parse(string text)
    {
        var fields = text.Split(' ');
        return fields.Length == 2 && DateTimeOffset.TryParse(fields[0], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var until) && int.TryParse(fields[1], CultureInfo.InvariantCulture, out var strikes)
            ? (until, strikes)
            : (null, 0);
    }
}
