using Idflow.Pipeline.Config;
using Idflow.Pipeline.Sources;
using Tomlyn;
using Tomlyn.Model;

namespace Idflow.Pipeline.Resources;

/// <summary>The vendors of a project: <c>config/vendors.d/*.toml</c>. A broken file is an error of the catalog and does not stop the others.</summary>
public sealed class VendorCatalog
{
    private static readonly string[] TopKeys = ["name", "enabled", "priority", "source"];
    private static readonly string[] SourceKeys = ["type", "path", "url", "ref", "subdir"];

    private VendorCatalog(IReadOnlyList<Vendor> vendors, IReadOnlyList<SourceError> errors)
    {
        Vendors = vendors;
        Errors = errors;
    }

    /// <summary>By priority, the highest last, disabled ones too.</summary>
    public IReadOnlyList<Vendor> Vendors { get; }

    public IReadOnlyList<SourceError> Errors { get; }

    public static VendorCatalog Load(ProjectConfig config)
    {
        var errors = new List<SourceError>();
        var vendors = new List<Vendor>();
        foreach (var file in Files(config))
        {
            var location = Path.GetRelativePath(config.Root, file.FullName).Replace('\\', '/');
            if (Read(file, location, config, errors) is not { } vendor)
            {
                continue;
            }

            if (vendors.Exists(other => other.Name == vendor.Name))
            {
                errors.Add(new SourceError(location, 0, 0, $"The vendor '{vendor.Name}' is described in another file too; give one of them another 'name'."));
                continue;
            }

            vendors.Add(vendor);
        }

        return new([.. vendors.OrderBy(vendor => vendor.Priority).ThenBy(vendor => vendor.Name, StringComparer.Ordinal)], errors);
    }

    /// <exception cref="UnknownNameException">No vendor has that name.</exception>
    public Vendor Get(string name) => Vendors.FirstOrDefault(vendor => vendor.Name == name)
        ?? throw new UnknownNameException($"There is no vendor '{name}'. {MapReader.Suggest(name, [.. Vendors.Select(vendor => vendor.Name)])}");

    /// <summary>The description files, by name.</summary>
    internal static IReadOnlyList<FileInfo> Files(ProjectConfig config)
    {
        var folder = new DirectoryInfo(Path.Combine(config.ConfigDirectory, "vendors.d"));
        return folder.Exists ? [.. folder.EnumerateFiles("*.toml").OrderBy(file => file.Name, StringComparer.Ordinal)] : [];
    }

    private static Vendor? Read(FileInfo file, string location, ProjectConfig config, List<SourceError> errors)
    {
        TomlTable table;
        try
        {
            table = TomlSerializer.Deserialize<TomlTable>(File.ReadAllText(file.FullName)) ?? [];
        }
        catch (TomlException error)
        {
            errors.Add(new SourceError(location, error.Line ?? 0, error.Column ?? 0, $"This is not valid TOML: {error.Message}"));
            return null;
        }

        var reader = new Table(table, location, "", TopKeys, errors);
        var name = reader.Text("name") ?? Path.GetFileNameWithoutExtension(file.Name);
        if (!IsFolderName(name))
        {
            reader.Wrong("name", $"is '{name}'; a vendor's name may hold letters, digits, '_' and '-' only");
            return null;
        }

        var vendor = new Vendor
        {
            Name = name,
            Enabled = reader.Flag("enabled") ?? true,
            Priority = reader.Number("priority") ?? 100,
            Source = VendorSource.Path,
            Folder = config.Root,
            Location = location,
        };
        if (table.TryGetValue("source", out var source) && source is TomlTable sourceTable)
        {
            return Source(vendor, new Table(sourceTable, location, "source.", SourceKeys, errors), config);
        }

        errors.Add(new SourceError(location, 0, 0, "'[source]' is missing: it says where the vendor's resources are. Write: [source] type = \"path\" path = \"..\""));
        return null;
    }

    private static Vendor? Source(Vendor vendor, Table source, ProjectConfig config)
    {
        switch (source.Text("type"))
        {
            case "path" when source.Required("path") is { } path:
                return vendor with { Folder = Path.GetFullPath(path, config.Root) };
            case "git" when source.Required("url") is { } url:
                var clone = Path.Combine(config.Root, ".idflow", "vendors", vendor.Name);
                var folder = Path.GetFullPath(Path.Combine(clone, source.Text("subdir") ?? ""));
                if (folder != clone && !folder.StartsWith(clone + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                {
                    source.Wrong("subdir", "leaves the repository");
                    return null;
                }

                return vendor with { Source = VendorSource.Git, Url = url, Ref = source.Text("ref"), CloneFolder = clone, Folder = folder };
            case "path" or "git":
                return null;
            case var other:
                source.Wrong("type", $"is {(other is null ? "missing" : $"'{other}'")}; it must be \"path\" or \"git\"");
                return null;
        }
    }

    private static bool IsFolderName(string name) => name.Length > 0 && name.All(character => char.IsLetterOrDigit(character) || character is '_' or '-');

    /// <summary>Typed reads of a TOML table that collect what is wrong.</summary>
    private sealed class Table
    {
        private readonly TomlTable _table;
        private readonly string _location;
        private readonly string _prefix;
        private readonly List<SourceError> _errors;

        public Table(TomlTable table, string location, string prefix, string[] known, List<SourceError> errors)
        {
            (_table, _location, _prefix, _errors) = (table, location, prefix, errors);
            foreach (var key in table.Keys.Where(key => !known.Contains(key)))
            {
                Wrong(key, $"is not a known key. {MapReader.Suggest(key, known)}".TrimEnd('.'));
            }
        }

        public string? Text(string key) => Read<string>(key, "text in quotes");

        public bool? Flag(string key) => Read<bool?>(key, "true or false");

        public int? Number(string key) => (int?)Read<long?>(key, "a whole number");

        public string? Required(string key)
        {
            var text = Text(key);
            if (string.IsNullOrEmpty(text))
            {
                Wrong(key, "is missing");
            }

            return text;
        }

        public void Wrong(string key, string message) => _errors.Add(new SourceError(_location, 0, 0, $"'{_prefix}{key}' {message}."));

        private T? Read<T>(string key, string what)
        {
            if (!_table.TryGetValue(key, out var value))
            {
                return default;
            }

            if (value is T typed)
            {
                return typed;
            }

            Wrong(key, $"must be {what}");
            return default;
        }
    }
}
