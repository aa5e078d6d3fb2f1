namespace Idflow.Cli.Tests.TestKit;

/// <summary>What a run of the program gave.</summary>
internal sealed record ProcessResult(int ExitCode, string Out, string Error)
{
    /// <summary>Stdout without its last line end.</summary>
    public string Text => Out.TrimEnd('\n');

    public string[] Lines => Text.Length == 0 ? [] : Text.Split('\n');

    /// <summary>This result, once it is certain that the command succeeded.</summary>
    public ProcessResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Error}\n{Out}");
        return this;
    }

    /// <summary>This result, once it is certain that the command failed so and said so without a trace.</summary>
    public ProcessResult Failed(int exitCode, string message)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} instead of {exitCode}\n{Error}\n{Out}");
        Assert.Contains(message, Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at Idflow.", Error, StringComparison.Ordinal);
        return this;
    }
}
