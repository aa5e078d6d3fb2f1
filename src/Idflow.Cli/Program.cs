namespace Idflow.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        Console.Error.WriteLine($"idflow: unknown command '{string.Join(' ', args)}'.");
        return 2;
    }
}
