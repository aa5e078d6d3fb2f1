using System.Text;
using Idflow.Pipeline.Resources;
using Idflow.Pipeline.Sources;
using Idflow.Pipeline.Stages;

namespace Idflow.Pipeline.Tests.Stages;

/// <summary>Makes catalogs from texts.</summary>
internal static class StageFiles
{
    public static ResourceFile File(string text, string origin = "project", string name = "s.yml") =>
        new($"stages/{name}", origin, $"{(origin == "project" ? "" : origin + ":")}stages/{name}", () => new MemoryStream(Encoding.UTF8.GetBytes(text)));

    public static StageCatalog Catalog(string text) => StageCatalog.Load([File(text)], scripts: null);

    public static StageDefinition Stage(string text)
    {
        var catalog = Catalog(text);
        Assert.Empty(catalog.Errors);
        return Assert.Single(catalog.Stages);
    }

    public static SourceError Error(string text)
    {
        var catalog = Catalog(text);
        Assert.Empty(catalog.Stages);
        return Assert.Single(catalog.Errors);
    }
}
