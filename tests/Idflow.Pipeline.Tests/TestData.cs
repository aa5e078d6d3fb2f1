namespace Idflow.Pipeline.Tests;

/// <summary>Files beside the test assembly.</summary>
internal static class TestData
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Data", name);

    public static string Read(string name) => File.ReadAllText(PathOf(name));
}
