namespace Idflow.Pipeline.Config;

/// <summary>Values that win over the configuration file; the command line reads them from the environment. Null: not set.</summary>
public sealed record ConfigOverrides
{
    /// <summary><c>IDFLOW_CONFIG</c>: another configuration file.</summary>
    public string? ConfigFile { get; init; }

    /// <summary><c>IDFLOW_BASE_DIR</c>.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary><c>IDFLOW_CONFIG_DIR</c>.</summary>
    public string? ConfigDirectory { get; init; }

    /// <summary><c>IDFLOW_DOCUMENT_IMPL</c>.</summary>
    public string? DocumentImplementation { get; init; }

    public static ConfigOverrides From(Func<string, string?> variable) => new()
    {
        ConfigFile = NotEmpty(variable("IDFLOW_CONFIG")),
        BaseDirectory = NotEmpty(variable("IDFLOW_BASE_DIR")),
        ConfigDirectory = NotEmpty(variable("IDFLOW_CONFIG_DIR")),
        DocumentImplementation = NotEmpty(variable("IDFLOW_DOCUMENT_IMPL")),
    };

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
