using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Idflow.Scripting;

/// <summary>
/// A thread with a very large stack of which a script gets a small part: the rest is for the way back out of it, which takes several times the
/// stack of the way in where the interpreter closes iterators and generators on each level. A stack that overflows ends the process.
/// </summary>
internal static class DeepStack
{
    private const int StackBytes = 64 << 20;
    private const int ForScripts = 4 << 20;
    private const int AtOnce = 16;

    private static readonly SemaphoreSlim Places = new(AtOnce);

    /// <summary>The lowest address that a script on this thread may reach; 0 on ordinary threads.</summary>
    [ThreadStatic]
    private static nint _lowest;

    /// <summary>Runs it on such a thread and waits for it.</summary>
    public static T Run<T>(Func<T> run)
    {
        T? result = default;
        ExceptionDispatchInfo? thrown = null;
        Places.Wait();
        try
        {
            var thread = new Thread(() =>
            {
                _lowest = Address() - ForScripts;
                try
                {
                    result = run();
                }
                catch (Exception error)
                {
                    thrown = ExceptionDispatchInfo.Capture(error);
                }
            }, StackBytes)
            { IsBackground = true, Name = "script" };
            thread.Start();
            thread.Join();
        }
        finally
        {
            Places.Release();
        }
        thrown?.Throw();
        return result!;
    }

    /// <summary>A call too deep for the stack must end here: the runtime answers a stack overflow by ending the process.</summary>
    /// <exception cref="LimitExceededException">The script is too deep.</exception>
    public static void Ensure()
    {
        if (_lowest == 0 ? !RuntimeHelpers.TryEnsureSufficientExecutionStack() : Address() < _lowest)
        {
            throw new LimitExceededException(ScriptFailure.Recursion, "The script calls itself too deeply.");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe nint Address()
    {
        byte here = 0;
        return (nint)(&here);
    }
}
