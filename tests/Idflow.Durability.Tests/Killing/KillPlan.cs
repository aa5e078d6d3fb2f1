using Idflow.Engine;
using System.Globalization;

namespace Idflow.Durability.Tests.Killing;

/// <summary>How one life of the server ends.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Environment">Variables that let the program kill itself.</param>
/// <param name="After">When it is killed from outside, at the latest.</param>
internal sealed record KillPlan(string Name, IReadOnlyDictionary<string, string> Environment, TimeSpan After)
{
    /// <summary>A point that is named is reached sooner on any machine.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private static readonly string[] Points = [nameof(CommitPoint.BeforeTransaction), nameof(CommitPoint.BeforeCommit), nameof(CommitPoint.AfterCommit), nameof(CommitPoint.AfterPayloadFile)];

    /// <summary>It dies when a large payload has become a file.</summary>
    public bool NeedsLarge => Name == nameof(CommitPoint.AfterPayloadFile);

    /// <summary>A third from outside at any time, the others at a point around a commit, some of these in the middle of a checkpoint.</summary>
    public static KillPlan Next(Random random)
    {
        var pages = random.Next(3) == 0 ? 1 : 1_000;
        var environment = new Dictionary<string, string> { ["IDFLOW_CHECKPOINT_PAGES"] = Text(pages) };
        if (random.Next(3) == 0)
        {
            return new KillPlan("from outside", environment, TimeSpan.FromMilliseconds(random.Next(10, 500)));
        }

        // With a checkpoint after every commit, what begins at BeforeCommit is the commit and then the checkpoint.
        var point = pages == 1 ? nameof(CommitPoint.BeforeCommit) : Points[random.Next(Points.Length)];
        var delay = pages == 1 ? random.Next(1, 8_000) : random.Next(2) * random.Next(1, 1_000);
        environment["IDFLOW_CRASH_AT"] = $"{point}:{Text(random.Next(1, point == nameof(CommitPoint.AfterPayloadFile) ? 4 : 30))}:{Text(delay)}";
        return new KillPlan(pages == 1 ? "commit with checkpoint" : point, environment, Longest);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
