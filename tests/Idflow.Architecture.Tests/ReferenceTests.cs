using System.Xml.Linq;

namespace Idflow.Architecture.Tests;

/// <summary>Which room may enter which: the arrows of docs/architecture.md point down only.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Idflow.Scripting"] = [],
        ["Idflow.Conductor"] = [],
        ["Idflow.Documents"] = [],
        ["Idflow.Pipeline"] = ["Idflow.Conductor", "Idflow.Documents", "Idflow.Scripting"],
        ["Idflow.Workers"] = ["Idflow.Conductor"],
        ["Idflow.Engine"] = ["Idflow.Conductor", "Idflow.Scripting"],
        ["Idflow.Server"] = ["Idflow.Engine", "Idflow.Conductor"],
        ["Idflow.Tasks"] = ["Idflow.Workers", "Idflow.Pipeline", "Idflow.Documents", "Idflow.Conductor"],
        ["Idflow.Cli"] = ["Idflow.Server", "Idflow.Engine", "Idflow.Tasks", "Idflow.Workers", "Idflow.Pipeline", "Idflow.Documents", "Idflow.Conductor", "Idflow.Scripting"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Fact]
    public void Every_project_has_its_rule()
    {
        var projects = Repository.Files("src", "*.csproj").Select(path => Path.GetFileNameWithoutExtension(path));

        Assert.Equal(Allowed.Keys.Order(), projects.Order());
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_the_rooms_below_it(string project)
    {
        var references = XDocument.Parse(Repository.Read($"src/{project}/{project}.csproj"))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Empty(references.Except(Allowed[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_the_command_line_uses_the_rest_client(string project)
    {
        if (project is "Idflow.Cli" or "Idflow.Conductor")
        {
            return;
        }

        var users = Repository.Files($"src/{project}", "*.cs").Where(path => Repository.Read(path).Contains("Idflow.Conductor.Rest", StringComparison.Ordinal));

        Assert.Empty(users);
    }

    [Fact]
    public void Only_the_server_and_the_command_line_know_the_web_framework()
    {
        var users = Repository.Files("src", "*.cs")
            .Where(path => !path.StartsWith("src/Idflow.Server/", StringComparison.Ordinal) && !path.StartsWith("src/Idflow.Cli/", StringComparison.Ordinal))
            .Where(path => Repository.Read(path).Contains("Microsoft.AspNetCore", StringComparison.Ordinal));

        Assert.Empty(users);
    }

    /// <summary>The decider is a function of state, event and time.</summary>
    [Fact]
    public void Decisions_touch_neither_storage_nor_clock_nor_ids_nor_tasks()
    {
        string[] banned =
        [
            "Idflow.Engine.Storage", "Idflow.Engine.Execution", "Idflow.Engine.Queues", "Idflow.Engine.Timers", "Microsoft.Data.Sqlite",
            "ILogger", "TimeProvider", "DateTime.UtcNow", "DateTimeOffset.UtcNow", "Guid.NewGuid", "new Random", "Random.Shared", "async ", "await ", "System.IO", "HttpClient",
        ];
        var findings = Repository.Files("src/Idflow.Engine/Decisions", "*.cs")
            .SelectMany(path => SourceText.WithoutComments(Repository.Read(path)).SelectMany((line, number) => banned
                .Where(word => line.Contains(word, StringComparison.Ordinal))
                .Select(word => $"{path}:{number + 1}: {word}")));

        Assert.Empty(findings);
    }
}
