namespace Idflow.Pipeline.Requirements;

/// <summary>An optional ability of idflow: a model, a browser, a provider.</summary>
/// <param name="Name">The name that <c>extras</c> uses.</param>
/// <param name="IsInstalled">Whether it can be used here and now.</param>
/// <param name="Description">What it is for, and what it needs when it is not there.</param>
public sealed record Ability(string Name, bool IsInstalled, string Description);

/// <summary>The abilities that the requirement <c>extras</c> can ask for.</summary>
public sealed class AbilityRegistry(IEnumerable<Ability> abilities)
{
    private readonly Dictionary<string, Ability> _abilities = abilities.ToDictionary(ability => ability.Name, StringComparer.Ordinal);

    public static AbilityRegistry Empty { get; } = new([]);

    public IReadOnlyCollection<Ability> All => _abilities.Values;

    /// <summary>Null for an unknown name.</summary>
    public Ability? Find(string name) => _abilities.GetValueOrDefault(name);
}
