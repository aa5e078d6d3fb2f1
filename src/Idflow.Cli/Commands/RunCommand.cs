using System.CommandLine;
using System.CommandLine.Parsing;

namespace Idflow.Cli.Commands;

/// <summary><c>idflow run</c>: engine and workers until nothing is left to do.</summary>
internal static class RunCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var timeout = new Option<TimeSpan?>("--timeout")
        {
            Description = "Leaves timers that are due later, and stops then: seconds, or a number with s, m or h. Default: no limit.",
            HelpName = "T",
            CustomParser = ParseTime,
        };
        var command = new Command("run", "Runs engine and workers until nothing is left to do.") { timeout };
        command.WithExamples("idflow run", "idflow run --timeout 10m", "idflow -C notes run");
        return command.Does(environment, async context =>
            await RunToEnd.RunAsync(context, await context.OpenProjectAsync().ConfigureAwait(false), context.Parse.GetValue(timeout)).ConfigureAwait(false));
    }

    private static TimeSpan? ParseTime(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        var unit = text.Length > 0 ? text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 } : 0;
        if (double.TryParse(unit == 0 ? text : text[..^1], System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1e7)
        {
            return TimeSpan.FromSeconds(number * Math.Max(1, unit));
        }

        argument.AddError($"--timeout: '{text}' is no time; give seconds, or a number with s, m or h, for example 90s or 10m.");
        return null;
    }
}
