namespace Idflow.Pipeline.Resources;

/// <summary>One source of resources: what idflow ships, a vendor, or the project itself.</summary>
public interface IResourceLayer
{
    /// <summary><c>core</c>, <c>vendor:NAME</c> or <c>project</c>.</summary>
    string Origin { get; }

    /// <summary>All files below a folder of the layer (<c>stages</c>, <c>workflows</c>, ..), by path; none when the layer has no such folder.</summary>
    IEnumerable<ResourceFile> Files(string folder);
}
