using System.Diagnostics;
using System.Globalization;
using Idflow.Cli.Errors;
using Idflow.Engine;

namespace Idflow.Cli.Hosting;

/// <summary>
/// For tests of durability: with <c>IDFLOW_CRASH_AT=POINT:N[:MICROSECONDS]</c> the process kills itself, as by SIGKILL, when the engine
/// passes that <see cref="CommitPoint"/> for the n-th time, or so much later. <c>IDFLOW_CHECKPOINT_PAGES</c> lets the engine's log be
/// carried into its database more often, so that a kill meets a checkpoint.
/// </summary>
internal sealed class CrashPoint(CommitPoint point, int pass, int microseconds)
{
    private const string CrashVariable = "IDFLOW_CRASH_AT";
    private const string PagesVariable = "IDFLOW_CHECKPOINT_PAGES";
    private int _passes;

    /// <summary>The options, with what the environment asks for.</summary>
    /// <exception cref="CliException">A variable cannot be read.</exception>
    public static EngineOptions In(CliEnvironment environment, EngineOptions options)
    {
        if (environment.Variable(PagesVariable) is { Length: > 0 } pages)
        {
            options = options with { CheckpointPages = Number(PagesVariable, pages) };
        }

        return environment.Variable(CrashVariable) is { Length: > 0 } text ? options with { AtPoint = Parse(text).Pass } : options;
    }

    private static CrashPoint Parse(string text) =>
        text.Split(':') is [var point, var pass, .. var rest] && rest.Length <= 1 && Enum.TryParse<CommitPoint>(point, ignoreCase: true, out var known)
            ? new CrashPoint(known, Number(CrashVariable, pass), rest is [var delay] ? Number(CrashVariable, delay) : 0)
            : throw CliException.Usage($"{CrashVariable}={text} is not POINT:N[:MICROSECONDS].", $"Points are {string.Join(", ", Enum.GetNames<CommitPoint>())}.");

    private static int Number(string variable, string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw CliException.Usage($"{variable}: '{text}' is not a whole number.", "Give a number, for example 1.");

    private void Pass(CommitPoint passed)
    {
        if (passed != point || Interlocked.Increment(ref _passes) != pass)
        {
            return;
        }

        if (microseconds == 0)
        {
            Die();
        }

        var start = Stopwatch.GetTimestamp();
        new Thread(() =>
        {
            while (Stopwatch.GetElapsedTime(start).TotalMicroseconds < microseconds)
            {
                Thread.SpinWait(20);
            }

            Die();
        }).Start();
    }

    private static void Die()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
