namespace Idflow.Durability.Tests.Killing;

/// <summary>The program as the build of this source tree left it, when no published one is named.</summary>
internal static class BuiltProgram
{
    public static IReadOnlyList<string> Launch()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "idflow.slnx")))
        {
            folder = folder.Parent;
        }
        var program = Path.Combine(folder?.FullName ?? "", "src", "Idflow.Cli", "bin", configuration, "net10.0", "idflow.dll");
        return File.Exists(program) ? ["dotnet", program] : throw new FileNotFoundException($"Build src/Idflow.Cli first, or name a published program with --program: {program} is not there.");
    }
}
