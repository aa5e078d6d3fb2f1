using Idflow.Cli.Tests.TestKit;

namespace Idflow.Cli.Tests.Commands.Doc;

/// <summary>What is different where a person sits at a terminal.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly ProjectFolder _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public async Task Control_characters_of_a_document_do_not_reach_the_terminal()
    {
        _project.Write("data/inbox/evil-doc/doc.md", "---\nid: evil-doc\nstatus: inbox\ntitle: \"a\\e[31mred\\a\"\n---\nbody \u001b]0;owned\u0007 \u202etfel\n");

        foreach (var arguments in (string[][])[["doc", "show", "evil-doc"], ["doc", "list"], ["doc", "list", "--col", "title"], ["doc", "search", "body"]])
        {
            var (exitCode, output, _) = await RunAsync(isTerminal: true, "", arguments);

            Assert.Equal(0, exitCode);
            Assert.DoesNotContain(output.Replace("\u001b[1m", "", StringComparison.Ordinal).Replace("\u001b[0m", "", StringComparison.Ordinal), character => character is '\u001b' or '\u0007' or '\u202e');
        }

        Assert.Contains("\u001b]0;owned", (await RunAsync(isTerminal: false, "", "doc", "show", "evil-doc", "--raw")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y\n", 0)]
    [InlineData("n\n", 1)]
    [InlineData("", 1)]
    public async Task Deleting_asks_first(string answer, int expected)
    {
        _project.Write("data/inbox/doomed/doc.md", "---\nid: doomed\nstatus: inbox\n---\n");

        var (exitCode, _, error) = await RunAsync(isTerminal: true, answer, "doc", "drop", "doom");

        Assert.Equal(expected, exitCode);
        Assert.Contains("doomed", error, StringComparison.Ordinal);
        Assert.Equal(expected != 0, Directory.Exists(_project.File("data", "inbox", "doomed")));
    }

    private async Task<(int ExitCode, string Out, string Error)> RunAsync(bool isTerminal, string answer, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var environment = new CliEnvironment
        {
            Out = output,
            Error = error,
            In = new StringReader(answer),
            Variable = _ => null,
            WorkingDirectory = _project.Path,
            IsOutTerminal = isTerminal,
            IsErrorTerminal = isTerminal,
            IsInTerminal = isTerminal,
        };
        return (await Program.RunAsync(environment, arguments), output.ToString(), error.ToString());
    }
}
