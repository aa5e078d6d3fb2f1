using System.Text.Json.Nodes;
using Idflow.Workers.Discovery;
using Idflow.Workers.Testing;

namespace Idflow.Cli.Commands;

/// <summary>Runs a task's method in this process, and lives with one that does not come back or ends the process.</summary>
internal static class TaskRunHere
{
    /// <summary>So long a method may take to heed Ctrl-C; then it is left behind.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <exception cref="OperationCanceledException">Interrupted, and the method goes on all the same.</exception>
    public static async Task<TaskRun> RunAsync(CommandContext context, WorkerRegistry registry, string name, JsonObject input)
    {
        void OnExit(object? sender, EventArgs e)
        {
            context.Output.Error($"The task '{name}' ended the process.", "A task must return, not call Environment.Exit.");
            Environment.ExitCode = ExitCodes.Failed;
        }

        using var leave = new CancellationTokenSource();
        using var interrupted = context.CancellationToken.Register(() =>
        {
            AppDomain.CurrentDomain.ProcessExit -= OnExit;
            leave.CancelAfter(Patience);
        });
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        try
        {
            var environment = new TaskEnvironment(registry, context.Environment.TimeProvider);
            return await Task.Run(() => environment.RunAsync(name, input, cancellationToken: context.CancellationToken), CancellationToken.None).WaitAsync(leave.Token).ConfigureAwait(false);
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= OnExit;
        }
    }
}
