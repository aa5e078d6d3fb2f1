using System.Reflection;

namespace Idflow.Cli.Hosting;

/// <summary>How to start this program once more.</summary>
internal static class SelfProcess
{
    /// <summary>The program and the arguments before the command.</summary>
    public static (string FileName, IReadOnlyList<string> Arguments) Command()
    {
        var library = typeof(SelfProcess).Assembly.Location;
        var running = Environment.ProcessPath;
        if (running is not null && Assembly.GetEntryAssembly() == typeof(SelfProcess).Assembly && Path.GetFileNameWithoutExtension(running) != "dotnet")
        {
            return (running, []);
        }

        // Started as 'dotnet idflow.dll', or as a library in another program.
        var dotnet = running is not null && Path.GetFileNameWithoutExtension(running) == "dotnet" ? running : Dotnet();
        return (dotnet, [library]);
    }

    /// <summary>The <c>dotnet</c> that this runtime belongs to, else the one on the PATH.</summary>
    public static string Dotnet()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        var beside = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(beside) ? beside : "dotnet";
    }
}
