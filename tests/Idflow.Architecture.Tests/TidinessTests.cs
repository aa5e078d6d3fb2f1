using System.Text.RegularExpressions;

namespace Idflow.Architecture.Tests;

/// <summary>What keeps the tree readable: file sizes, leftovers, links, and no ambient clock, ids or console in the libraries.</summary>
public sealed partial class TidinessTests
{
    private const int MostLines = 400;

    [Fact]
    public void No_source_file_has_grown_two_jobs()
    {
        var long_ = CSharpFiles().Select(path => (path, lines: Repository.Read(path).Split('\n').Length)).Where(file => file.lines > MostLines);

        Assert.Empty(long_);
    }

    [Fact]
    public void No_marker_of_unfinished_work_is_left()
    {
        string[] markers = ["NotImplemented" + "Exception", "TO" + "DO", "FIX" + "ME", "HA" + "CK", "XX" + "X:"];
        var findings = CSharpFiles().Concat(Repository.Files("docs", "*.md"))
            .SelectMany(path => Lines(path).Where(line => markers.Any(marker => line.text.Contains(marker, StringComparison.Ordinal))).Select(line => $"{path}:{line.number}"));

        Assert.Empty(findings);
    }

    [Fact]
    public void Libraries_neither_print_nor_exit_nor_read_the_environment()
    {
        string[] banned = ["Console.", "Environment.Exit", "Environment.GetEnvironmentVariable"];
        var findings = Find("src", banned, path => !path.StartsWith("src/Idflow.Cli/", StringComparison.Ordinal));

        Assert.Empty(findings);
    }

    [Theory]
    [InlineData("Idflow.Engine")]
    [InlineData("Idflow.Workers")]
    [InlineData("Idflow.Pipeline")]
    public void Time_and_ids_are_injected(string project)
    {
        string[] banned = ["DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "Random.Shared", "Thread.Sleep"];
        var findings = Find($"src/{project}", banned, _ => true);

        Assert.Empty(findings);
    }

    [Fact]
    public void Links_between_the_documents_lead_somewhere()
    {
        var documents = Repository.Files("docs", "*.md").Concat(Directory.EnumerateFiles(Repository.Root, "*.md").Select(path => Path.GetFileName(path)));
        var dead = documents.SelectMany(path => Link().Matches(Repository.Read(path))
            .Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#') && !target.StartsWith("mailto:", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(path) ?? "", target.Split('#')[0])))
            .Select(target => $"{path}: {target}"));

        Assert.Empty(dead);
    }

    private static IEnumerable<string> CSharpFiles() => Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs")).Concat(Repository.Files("bench", "*.cs"));

    private static IEnumerable<(string text, int number)> Lines(string path) => Repository.Read(path).Split('\n').Select((text, index) => (text, index + 1));

    private static IEnumerable<string> Find(string folder, string[] banned, Func<string, bool> applies) =>
        Repository.Files(folder, "*.cs").Where(applies).SelectMany(path => SourceText.WithoutComments(Repository.Read(path))
            .SelectMany((line, index) => banned.Where(word => Regex.IsMatch(line, $@"(?<![\w.]){Regex.Escape(word)}")).Select(word => $"{path}:{index + 1}: {word}")));

    [GeneratedRegex(@"\]\(([^)<\s]+)\)")]
    private static partial Regex Link();
}
