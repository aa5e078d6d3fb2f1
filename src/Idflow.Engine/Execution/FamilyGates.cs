namespace Idflow.Engine.Execution;

/// <summary>
/// What passes between a parent and its children happens one at a time: an end that is handed up, a termination that is handed down, and
/// a revival, which opens the parent's tasks and sets their children going. To be entered before the gates of workflows, never inside one.
/// </summary>
internal sealed class FamilyGates
{
    private readonly Lock[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    public Lock Of(string parentId) => _gates[(uint)parentId.GetHashCode(StringComparison.Ordinal) % _gates.Length];
}
