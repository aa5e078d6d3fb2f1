using System.Globalization;
using Idflow.Documents.Model;
using Idflow.Documents.Stores;

// A process beside the test's own, to change documents at the same time or to be killed.
// count DATA ID KEY TIMES   adds 1 to the properties `n` and KEY, TIMES times
// move DATA ID              moves the document between inbox and active for ever, prints each `n` once it is stored
// runs DATA ID STAGE TIMES  makes runs of a stage, prints their counters
var (command, data, id) = (args[0], args[1], args[2]);
await using var store = DocumentStores.Open(DocumentStores.FileSystemMarkdown, new DocumentStoreOptions { DataFolder = data });
Console.WriteLine("ready");
Console.ReadLine();
switch (command)
{
    case "count":
        for (var i = 0; i < int.Parse(args[4], CultureInfo.InvariantCulture); i++)
        {
            await store.UpdateAsync(id, document => document with { Properties = Increase(Increase(document.Properties, "n"), args[3]) });
        }

        break;
    case "move":
        while (true)
        {
            var moved = await store.UpdateAsync(id, document => document with
            {
                Status = document.Status == DocumentStatus.Inbox ? DocumentStatus.Active : DocumentStatus.Inbox,
                Properties = Increase(document.Properties, "n"),
            });
            Console.WriteLine(moved.Properties["n"]);
        }

    default:
        for (var i = 0; i < int.Parse(args[4], CultureInfo.InvariantCulture); i++)
        {
            var run = await store.CreateStageRunAsync(id, args[3], counter => new StageRun { DocumentId = id, StageName = args[3], Counter = counter });
            Console.WriteLine(run.Counter);
        }

        break;
}

static PropertyMap Increase(PropertyMap properties, string key) => properties.With(key, (properties.GetValueOrDefault(key) as long? ?? 0) + 1);
