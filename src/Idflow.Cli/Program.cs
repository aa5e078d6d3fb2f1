using System.CommandLine;
using System.Globalization;

namespace Idflow.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        // Nothing is loaded for the one call that scripts make to see whether the program is there.
        if (args is ["--version"])
        {
            Console.Out.WriteLine(ProductVersion.Text);
            return ExitCodes.Done;
        }

        if (args is [Hosting.WorkerChildProgram.Command, .. var rest])
        {
            CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
            return await Hosting.WorkerChildProgram.RunAsync(rest.FirstOrDefault()).ConfigureAwait(false);
        }

        // Numbers and dates look the same everywhere; scripts read them.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        return await RunAsync(CliEnvironment.OfProcess(), args).ConfigureAwait(false);
    }

    /// <summary>So long a command that was interrupted may take to end in order; those that drain workers need it.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromMinutes(2);

    internal static Task<int> RunAsync(CliEnvironment environment, string[] args)
    {
        // '@' begins a file name for --input, and may begin a document's text: it names no file of arguments.
        var parse = RootCommandFactory.Create(environment).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return UsageErrors.Report(environment, parse) is { } exitCode
            ? Task.FromResult(exitCode)
            : parse.InvokeAsync(new InvocationConfiguration { Output = environment.Out, Error = environment.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = Drain });
    }
}
