namespace Idflow.Pipeline.Resources;

/// <summary>Where a vendor's resources come from.</summary>
public enum VendorSource { Path, Git }

/// <summary>A package of resources that a project uses, described in <c>config/vendors.d/NAME.toml</c>.</summary>
public sealed record Vendor
{
    public required string Name { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>Vendors with a higher number win over those with a lower one. Default 100.</summary>
    public int Priority { get; init; } = 100;

    public required VendorSource Source { get; init; }

    /// <summary>The address of a git repository.</summary>
    public string? Url { get; init; }

    /// <summary>A branch, tag or commit; null = the repository's default branch.</summary>
    public string? Ref { get; init; }

    /// <summary>The folder that its <c>stages</c>, <c>workflows</c>, .. are in; absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>The folder of a git vendor's clone; absolute.</summary>
    public string? CloneFolder { get; init; }

    /// <summary>The description file, relative to the project.</summary>
    public required string Location { get; init; }

    /// <summary>False for a git vendor that was not fetched yet, and for a folder that is gone.</summary>
    public bool IsAvailable => Directory.Exists(Folder);
}
