namespace Idflow.Benchmarks;

/// <summary>A set of measurements under one name on the command line. A new suite is one class, named in <c>Program.cs</c>.</summary>
internal interface ISuite
{
    string Name { get; }

    /// <summary>One line: what it measures and its options.</summary>
    string Summary { get; }

    /// <summary>False when a target was missed.</summary>
    Task<bool> RunAsync(SuiteOptions options, Report report);
}
