using LibGit2Sharp;

namespace Idflow.Pipeline.Resources;

/// <summary>Brings git vendors to the state of their repository.</summary>
public static class VendorFetcher
{
    /// <summary>
    /// Clones the vendor's repository at its <c>ref</c> beside the old clone and puts it in its place, so that a failure leaves the
    /// old one.
    /// </summary>
    /// <returns>The commit that is there now.</returns>
    /// <exception cref="PipelineException">It is not a git vendor, the repository cannot be read, or it has no such ref.</exception>
    public static string Fetch(Vendor vendor)
    {
        if (vendor is not { Source: VendorSource.Git, Url: { } url, CloneFolder: { } clone })
        {
            throw new PipelineException($"The vendor '{vendor.Name}' is a folder ({vendor.Folder}); only a git vendor can be fetched.");
        }

        var fresh = clone + ".new";
        DeleteFolder(fresh);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(clone)!);
            Repository.Clone(url, fresh);
            var commit = CheckOut(vendor, fresh);
            DeleteFolder(clone);
            Directory.Move(fresh, clone);
            return commit;
        }
        catch (LibGit2SharpException error)
        {
            DeleteFolder(fresh);
            throw new PipelineException($"The vendor '{vendor.Name}' cannot be fetched from {url}: {error.Message.TrimEnd('.')}. See {vendor.Location}.", error);
        }
    }

    private static string CheckOut(Vendor vendor, string folder)
    {
        using var repository = new Repository(folder);
        if (vendor.Ref is not { } name)
        {
            return repository.Head.Tip?.Sha ?? throw new PipelineException($"The repository of the vendor '{vendor.Name}' has no commit.");
        }

        var commit = (repository.Branches[$"origin/{name}"]?.Tip ?? repository.Lookup<Commit>(name) ?? repository.Tags[name]?.PeeledTarget as Commit)
            ?? throw new PipelineException($"The repository of the vendor '{vendor.Name}' has no branch, tag or commit '{name}'. See 'ref' in {vendor.Location}.");
        Commands.Checkout(repository, commit, new CheckoutOptions { CheckoutModifiers = CheckoutModifiers.Force });
        return commit.Sha;
    }

    private static void DeleteFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        // Objects of a repository are read-only, which stops a deletion on some systems.
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(folder, recursive: true);
    }
}
