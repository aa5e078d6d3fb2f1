using System.Globalization;

namespace Idflow.Durability.Tests;

/// <summary>Options of the runs on demand: <c>--name value</c>.</summary>
internal sealed class Arguments(IReadOnlyList<string> args)
{
    public string? Text(string name)
    {
        for (var i = 0; i + 1 < args.Count; i++)
        {
            if (args[i] == $"--{name}")
            {
                return args[i + 1];
            }
        }
        return null;
    }

    public int Number(string name, int whenAbsent) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : whenAbsent;
}
