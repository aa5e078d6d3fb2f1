using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Idflow.Cli.Rendering;

/// <summary>
/// Where a command writes: results to stdout (stable, pipeable), progress and diagnostics to stderr. Colour and live views
/// only on a terminal.
/// </summary>
internal sealed class Output
{
    private static readonly JsonSerializerOptions JsonOptions = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly CliEnvironment _environment;
    private readonly Lazy<IAnsiConsole> _results;
    private readonly Lazy<IAnsiConsole> _diagnostics;

    public Output(CliEnvironment environment, bool noColor)
    {
        _environment = environment;
        _results = new(() => CreateConsole(environment.Out, environment.IsOutTerminal, noColor));
        _diagnostics = new(() => CreateConsole(environment.Error, environment.IsErrorTerminal, noColor));
    }

    /// <summary>Stdout for tables and colour.</summary>
    public IAnsiConsole Results => _results.Value;

    /// <summary>Stderr for live progress.</summary>
    public IAnsiConsole Diagnostics => _diagnostics.Value;

    /// <summary>Whether progress can be drawn live.</summary>
    public bool IsLive => _environment.IsErrorTerminal;

    /// <summary>True where stdout is a terminal: text for people is escaped, and tables are fitted to its width.</summary>
    public bool IsTerminal => _environment.IsOutTerminal;

    /// <summary>One line of the result.</summary>
    public void Line(string text) => _environment.Out.WriteLine(IsTerminal ? TerminalText.Escape(text) : text);

    /// <summary>Text of the result exactly as it is.</summary>
    public void Raw(string text) => _environment.Out.Write(text);

    /// <summary>One JSON value.</summary>
    public void Json(JsonNode? value) => _environment.Out.WriteLine(value?.ToJsonString(JsonOptions) ?? "null");

    /// <summary>One JSON array, written while its items come.</summary>
    public void JsonArray(IEnumerable<JsonNode> items)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JsonOptions.Encoder });
        writer.WriteStartArray();
        foreach (var item in items)
        {
            item.WriteTo(writer, JsonOptions);
            PassOn(atLeast: 1 << 16);
        }

        writer.WriteEndArray();
        PassOn(atLeast: 0);
        _environment.Out.WriteLine();

        void PassOn(int atLeast)
        {
            writer.Flush();
            if (buffer.WrittenCount >= atLeast)
            {
                _environment.Out.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
                buffer.ResetWrittenCount();
            }
        }
    }

    /// <summary>A line of progress.</summary>
    public void Progress(string text)
    {
        if (IsLive)
        {
            Diagnostics.WriteLine(TerminalText.Escape(text));
        }
        else
        {
            _environment.Error.WriteLine(TerminalText.Escape(text));
        }
    }

    public void Warn(string text) => Diagnostic("warning", "yellow", text);

    public void Error(string message, string? hint)
    {
        Diagnostic("error", "red", message);
        if (hint is not null)
        {
            Diagnostic("hint", "cyan", hint);
        }
    }

    /// <summary>Rows under headings; whole where stdout is not a terminal.</summary>
    public void Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (IsTerminal)
        {
            TableRenderer.Fitted(Results, headings, rows);
        }
        else
        {
            TableRenderer.Whole(_environment.Out, headings, rows);
        }
    }

    private void Diagnostic(string label, string colour, string text)
    {
        if (_environment.IsErrorTerminal)
        {
            Diagnostics.Markup($"[{colour}]{label}:[/] ");
        }
        else
        {
            _environment.Error.Write($"{label}: ");
        }

        _environment.Error.WriteLine(TerminalText.Escape(text));
    }

    private IAnsiConsole CreateConsole(TextWriter writer, bool isTerminal, bool noColor)
    {
        var forced = _environment.Variable("CLICOLOR_FORCE") is { Length: > 0 } and not "0";
        var colour = !noColor && string.IsNullOrEmpty(_environment.Variable("NO_COLOR")) && (isTerminal || forced);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
        });
        console.Profile.Width = _environment.TerminalWidth;
        return console;
    }
}
