namespace Idflow.Engine.Execution;

/// <summary>
/// Where the engine's own work runs. All that it starts beside its callers goes through here, so that a simulation can run the engine
/// on one thread, a step at a time, in an order that a seed decides.
/// </summary>
internal abstract class BackgroundWork
{
    /// <summary>The thread pool.</summary>
    public static BackgroundWork OnThreadPool { get; } = new ThreadPoolWork();

    /// <summary>How those go on who wait for a commit or for their turn.</summary>
    public abstract TaskCreationOptions Continuations { get; }

    /// <summary>Runs that elsewhere, soon. It must not throw.</summary>
    public abstract void Run(Action work);

    /// <summary>The same for work that may wait long, and must not keep others from running.</summary>
    public virtual void RunWaiting(Action work) => Run(work);

    /// <summary>Lets those go on who wait for that; with an error, it reaches them.</summary>
    public abstract void Complete(TaskCompletionSource done, Exception? error = null);

    /// <summary>Waits that long, or until it is cancelled, which is no error. (The end of a cancelled <c>Task.Delay</c> goes on on the thread pool, whatever one asks for.)</summary>
    public async Task PauseAsync(TimeSpan length, TimeProvider time, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(Continuations);
        var isOver = 0;
        void End()
        {
            if (Interlocked.Exchange(ref isOver, 1) == 0)
            {
                Complete(done);
            }
        }
        var cancelled = cancellation.UnsafeRegister(_ => End(), null);
        await using (cancelled.ConfigureAwait(false))
        {
            var timer = time.CreateTimer(_ => End(), null, length, Timeout.InfiniteTimeSpan);
            await using (timer.ConfigureAwait(false))
            {
                await done.Task.ConfigureAwait(false);
            }
        }
    }

    /// <summary>That task, for one who is not alone in waiting for it: several that wait for one task go on where they like.</summary>
    public virtual Task<T> Share<T>(Task<T> task) => task;

    public virtual Task Share(Task task) => task;

    /// <summary>Waits until that has ended, however it ends.</summary>
    public abstract void WaitFor(Task task);

    private sealed class ThreadPoolWork : BackgroundWork
    {
        public override TaskCreationOptions Continuations => TaskCreationOptions.RunContinuationsAsynchronously;

        public override void Run(Action work) => ThreadPool.UnsafeQueueUserWorkItem(static work => work(), work, preferLocal: false);

        public override void RunWaiting(Action work) => new Thread(() => work()) { IsBackground = true, Name = "idflow-waiting" }.Start();

        public override void Complete(TaskCompletionSource done, Exception? error = null)
        {
            if (error is null)
            {
                done.SetResult();
            }
            else
            {
                done.SetException(error);
            }
        }

        public override void WaitFor(Task task) => ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
    }
}
