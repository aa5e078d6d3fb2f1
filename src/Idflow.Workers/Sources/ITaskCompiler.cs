namespace Idflow.Workers.Sources;

/// <summary>Turns one source file into <c>&lt;name&gt;.dll</c> with its symbols and doc comments.</summary>
internal interface ITaskCompiler
{
    /// <param name="source">What to compile.</param>
    /// <param name="text">Its text, read once.</param>
    /// <param name="outputDirectory">An existing empty folder.</param>
    /// <param name="cancellationToken">Stops the compiler.</param>
    /// <exception cref="TaskSourceException">It does not compile.</exception>
    Task CompileAsync(TaskSource source, string text, string outputDirectory, CancellationToken cancellationToken);
}
