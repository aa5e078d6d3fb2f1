namespace Idflow.Engine.Tests.Support;

/// <summary>Waits for what the engine's own threads bring about.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <exception cref="OperationCanceledException">It does not come to be so.</exception>
    public static async Task HoldsAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo())
        {
            await Task.Delay(1, patience.Token);
        }
    }

    public static Task HoldsAsync(Func<bool> isSo) => HoldsAsync(() => Task.FromResult(isSo()));
}
