namespace Idflow.Cli;

/// <summary>What scripts may rely on.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The work failed: a workflow failed, a check did not hold.</summary>
    public const int Failed = 1;

    public const int Usage = 2;

    /// <summary>An unknown document, stage, workflow or task.</summary>
    public const int NotFound = 3;

    /// <summary>The engine cannot be reached and the command needs it.</summary>
    public const int EngineUnreachable = 4;

    /// <summary>The project is damaged or locked.</summary>
    public const int ProjectDamaged = 5;

    public const int Interrupted = 130;
}
