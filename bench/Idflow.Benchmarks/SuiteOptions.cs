using System.Globalization;

namespace Idflow.Benchmarks;

/// <summary>The <c>--name value</c> pairs after the suite's name.</summary>
internal sealed class SuiteOptions
{
    private readonly Dictionary<string, string> _values = [];

    public SuiteOptions(string[] arguments)
    {
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            _values[arguments[i].TrimStart('-')] = arguments[i + 1];
        }
    }

    public int Number(string name, int otherwise) =>
        _values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public string? Text(string name) => _values.GetValueOrDefault(name);
}
