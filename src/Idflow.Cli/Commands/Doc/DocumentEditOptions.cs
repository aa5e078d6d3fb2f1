using System.CommandLine;

namespace Idflow.Cli.Commands.Doc;

/// <summary>The options by which <c>doc add</c> and <c>doc modify</c> set properties and references.</summary>
internal sealed class DocumentEditOptions
{
    public Option<string[]> Set { get; } = Many("--set", "k=v", "Sets a property; dots walk into maps. Numbers, true, false, null and quoted text are typed.");

    public Option<string[]> ListAdd { get; } = Many("--list-add", "k=v", "Appends an item to a list, which is made when missing.");

    public Option<string[]> Json { get; } = Many("--json", "k=JSON", "Sets a property to a JSON value.");

    public Option<string[]> AddDoc { get; } = Many("--add-doc", "KEY=ID", "Adds a reference to a document.");

    public Option<string[]> AddFile { get; } = Many("--add-file", "KEY=PATH", "Copies a file into the document and adds its reference.");

    public Option<string[]> DocData { get; } = Many("--doc-data", "KEY.k=v", "Data of the document reference KEY: one value, or KEY=JSON for all of it.");

    public Option<string[]> FileData { get; } = Many("--file-data", "KEY.k=v", "Data of the file reference KEY: one value, or KEY=JSON for all of it.");

    public void AddTo(Command command)
    {
        foreach (var option in new[] { Set, ListAdd, Json, AddDoc, AddFile, DocData, FileData })
        {
            command.Options.Add(option);
        }
    }

    internal static Option<string[]> Many(string name, string helpName, string description) =>
        new(name) { Description = description + " Repeatable.", HelpName = helpName, AllowMultipleArgumentsPerToken = false, DefaultValueFactory = _ => [] };
}
