using System.Text;
using Idflow.Pipeline.Resources;

namespace Idflow.Tasks.Tests.StageTasks;

/// <summary>A project layer of texts.</summary>
internal sealed class TextLayer(IReadOnlyDictionary<string, string> files) : IResourceLayer
{
    public string Origin => "project";

    public IEnumerable<ResourceFile> Files(string folder) => files
        .Where(file => file.Key.StartsWith(folder + "/", StringComparison.Ordinal))
        .Select(file => new ResourceFile(file.Key, Origin, file.Key, () => new MemoryStream(Encoding.UTF8.GetBytes(file.Value))));
}
