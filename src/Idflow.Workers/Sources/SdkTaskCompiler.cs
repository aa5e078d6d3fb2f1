using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Idflow.Workers.Sources;

/// <summary>
/// Compiles a source that has <c>#:package</c> or other directives with <c>dotnet build</c>, as the .NET SDK does for file-based
/// programs, but as a library that finds its packages beside itself and takes the contract of task methods from the host.
/// </summary>
/// <param name="dotnet">The <c>dotnet</c> command.</param>
internal sealed partial class SdkTaskCompiler(string dotnet) : ITaskCompiler
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private const string Targets = """
        <Project>
          <ItemGroup>
            <Reference Include="$(IdflowDirectory)/Idflow.Workers.dll" Private="false" />
            <Reference Include="$(IdflowDirectory)/Idflow.Conductor.dll" Private="false" />
            <Using Include="Idflow.Workers" />
          </ItemGroup>
        </Project>
        """;

    public async Task CompileAsync(TaskSource source, string text, string outputDirectory, CancellationToken cancellationToken)
    {
        var targets = Path.Combine(outputDirectory, "idflow.targets");
        await File.WriteAllTextAsync(targets, Targets, cancellationToken);
        var (exitCode, output) = await BuildAsync(source, targets, outputDirectory, cancellationToken);
        File.Delete(targets);
        if (exitCode != 0)
        {
            throw new TaskSourceException(source, Problems(source, output));
        }
    }

    private async Task<(int ExitCode, string Output)> BuildAsync(TaskSource source, string targets, string outputDirectory, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(dotnet)
        {
            WorkingDirectory = Path.GetDirectoryName(source.Path),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in Arguments(source, targets, outputDirectory))
        {
            start.ArgumentList.Add(argument);
        }

        // The environment of a running dotnet process must not choose the SDK of the one started here.
        start.Environment.Remove("MSBUILD_EXE_PATH");
        start.Environment.Remove("MSBuildSDKsPath");
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = Start(source, start);
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TaskSourceException(source, $"dotnet build did not end within {Limit.TotalMinutes} minutes.");
        }
    }

    private static Process Start(TaskSource source, ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw NoSdk(source, e.Message);
        }
    }

    private static IEnumerable<string> Arguments(TaskSource source, string targets, string outputDirectory) =>
    [
        "build", source.Path, "--configuration", "Release", "--output", outputDirectory, "--nologo", "--verbosity", "quiet", "-tl:off", "--disable-build-servers",
        "-p:OutputType=Library",
        "-p:EnableDynamicLoading=true",
        "-p:PublishAot=false",
        "-p:GenerateDocumentationFile=true",
        "-p:NoWarn=CS1591",
        $"-p:AssemblyName={source.Name}",
        $"-p:IdflowDirectory={Path.GetDirectoryName(typeof(SdkTaskCompiler).Assembly.Location)}",
        $"-p:CustomBeforeMicrosoftCommonTargets={targets}",
    ];

    private static IReadOnlyList<SourceProblem> Problems(TaskSource source, string output)
    {
        if (output.Contains("No .NET SDKs were found", StringComparison.Ordinal) || output.Contains("does not exist", StringComparison.Ordinal) && output.Contains("global.json", StringComparison.Ordinal))
        {
            return NoSdk(source, "dotnet finds no SDK").Problems;
        }

        var text = File.ReadAllText(source.Path);
        var problems = ErrorLine().Matches(output).Select(m => Problem(source, text, m)).Distinct().OrderBy(p => p.Line).ThenBy(p => p.Column).ToList();
        return problems.Count > 0 ? problems : [new SourceProblem(source.Path, 0, 0, $"dotnet build failed: {LastLines(output)}")];
    }

    private static SourceProblem Problem(TaskSource source, string text, Match match)
    {
        var message = $"{match.Groups["message"].Value.Trim()} ({match.Groups["code"].Value})";
        if (int.TryParse(match.Groups["line"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var line))
        {
            return new SourceProblem(source.Path, line, int.TryParse(match.Groups["column"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var column) ? column : 1, message);
        }

        // A restore error names the package; its line is where the directive names it.
        var at = SourceDirectives.Of(text).FirstOrDefault(d => d.Text.Split(' ', '@') is [_, var name, ..] && message.Contains(name, StringComparison.OrdinalIgnoreCase));
        return new SourceProblem(source.Path, at.Line, at.Line > 0 ? 1 : 0, message);
    }

    private static TaskSourceException NoSdk(TaskSource source, string why)
    {
        var line = SourceDirectives.Of(File.ReadAllText(source.Path)) is [var first, ..] ? first : (Line: 0, Text: "");
        return new TaskSourceException(source,
            [new SourceProblem(source.Path, line.Line, line.Line > 0 ? 1 : 0, $"'#:{line.Text}' needs the .NET SDK to build, and there is none ({why}). Install the .NET 10 SDK, or write the task without '#:' lines.")]);
    }

    private static string LastLines(string output) =>
        string.Join(" ", output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(3));

    [GeneratedRegex(@"^(?:.*?\((?<line>\d+),(?<column>\d+)[^)]*\)|(?<where>[^\r\n]*?)) ?: (?:fatal )?error (?<code>[A-Z]+\d+): (?<message>.*?)(?: \[[^\]]*\])?\r?$", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}
