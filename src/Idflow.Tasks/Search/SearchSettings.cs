namespace Idflow.Tasks.Search;

/// <summary>Search providers; the section <c>search</c> of the project's configuration.</summary>
public sealed record SearchSettings
{
    /// <summary><c>providers</c>: asked when a task names none.</summary>
    public IReadOnlyList<string> Providers { get; init; } = ["duckduckgo"];

    /// <summary><c>duckduckgo.ignore_robots</c>: true when the owner of the project decides to search although the site's robots.txt asks machines not to.</summary>
    public bool IgnoreDuckDuckGoRobots { get; init; }

    /// <summary><c>duckduckgo.layout</c>: <c>html</c> or <c>lite</c>.</summary>
    public string DuckDuckGoLayout { get; init; } = "html";

    /// <summary><c>duckduckgo.html_url</c> and <c>duckduckgo.lite_url</c>.</summary>
    public string DuckDuckGoHtmlUrl { get; init; } = "https://html.duckduckgo.com/html/";

    public string DuckDuckGoLiteUrl { get; init; } = "https://lite.duckduckgo.com/lite/";

    /// <summary><c>duckduckgo.spacing_s</c>: least seconds between two requests of all processes.</summary>
    public TimeSpan DuckDuckGoSpacing { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary><c>duckduckgo.per_10_minutes</c>: most requests of all processes in ten minutes.</summary>
    public int DuckDuckGoPerTenMinutes { get; init; } = 10;

    /// <summary><c>searxng.url</c>: the base address of a SearXNG instance that allows the JSON format.</summary>
    public string? SearxngUrl { get; init; }

    /// <summary><c>recorded</c>: a folder with recorded answers.</summary>
    public string? RecordedFolder { get; init; }
}
