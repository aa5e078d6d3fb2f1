using Spectre.Console;

namespace Idflow.Cli.Rendering;

/// <summary>Tables: fitted to a terminal, whole elsewhere.</summary>
internal static class TableRenderer
{
    public static void Fitted(IAnsiConsole console, IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(new Text(heading, new Style(decoration: Decoration.Bold))));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(TerminalText.Escape(cell))));
        }

        console.Write(table);
    }

    public static void Whole(TextWriter writer, IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var cells = rows.Prepend(headings).Select(row => row.Select(OneLine).ToList()).ToList();
        var widths = Enumerable.Range(0, headings.Count).Select(column => cells.Max(row => row[column].Length)).ToList();
        foreach (var row in cells)
        {
            writer.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');
}
