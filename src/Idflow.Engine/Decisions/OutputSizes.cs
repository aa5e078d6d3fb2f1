using System.Globalization;
using System.Text;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>
/// Sizes of outputs as they are read, in bytes of JSON, to within the commas. Those that are put together from other tasks are added up
/// without putting them together; what has ended is counted once.
/// </summary>
internal sealed class OutputSizes(WorkflowState state)
{
    /// <summary>An empty map.</summary>
    public const long Nothing = 2;

    /// <summary>Of joins that have ended, by task id.</summary>
    private readonly Dictionary<string, long> _joins = [];

    /// <summary>Of loops, by task id: the passes that are over, and what they have.</summary>
    private readonly Dictionary<string, (int Passes, long Bytes)> _loops = [];

    /// <summary>Joins that are open, for the length of one question: they may wait for one another.</summary>
    private readonly Dictionary<string, long> _asked = [];
    private int _depth;

    /// <summary>Of the output as <see cref="TaskOutputs.Of(WorkflowState, TaskRow)"/> gives it.</summary>
    public long Of(TaskRow task) => task.TaskType switch
    {
        _ when task.OutputDropped => PayloadSize.Of(task.Output),
        TaskTypes.Join => OfJoin(task),
        TaskTypes.DoWhile => OfLoop(task, TaskOutputs.LastShown(task)),
        _ => PayloadSize.Of(task.Output),
    };

    /// <summary>Of a loop with its current pass.</summary>
    public long WithCurrentPass(TaskRow loop) => OfLoop(loop, Passes(loop));

    /// <summary>A pass is about to be taken away.</summary>
    public void Forget(TaskRow loop, int pass)
    {
        if (_loops.TryGetValue(loop.TaskId, out var known) && known.Passes >= pass)
        {
            _loops[loop.TaskId] = known with { Bytes = known.Bytes - OfPass(loop, pass) };
        }
    }

    /// <summary>A task is gone.</summary>
    public void Forget(TaskRow task)
    {
        _joins.Remove(task.TaskId);
        _loops.Remove(task.TaskId);
    }

    public void Clear()
    {
        _joins.Clear();
        _loops.Clear();
    }

    private static int Passes(TaskRow loop) => (int?)loop.Output["iteration"] ?? 0;

    private long OfJoin(TaskRow join)
    {
        if (_joins.TryGetValue(join.TaskId, out var known) || _asked.TryGetValue(join.TaskId, out known))
        {
            return known;
        }
        if (_depth >= TaskOutputs.MaxJoinDepth)
        {
            return PayloadSize.Of(join.Output);
        }
        _asked[join.TaskId] = Nothing;
        _depth++;
        var bytes = PayloadSize.Of(join.Output);
        foreach (var member in JoinOn.Scheduled(state, join))
        {
            if (Of(member) is var size and > Nothing)
            {
                bytes += Entry(member.ReferenceName, size);
            }
        }
        _asked[join.TaskId] = bytes;
        if (join.IsTerminal)
        {
            _joins[join.TaskId] = bytes;
        }
        if (--_depth == 0)
        {
            _asked.Clear();
        }
        return bytes;
    }

    private long OfLoop(TaskRow loop, int last)
    {
        var over = Math.Min(last, Passes(loop) - 1);
        var (passes, bytes) = _loops.GetValueOrDefault(loop.TaskId);
        if (passes > over)
        {
            (passes, bytes) = (0, 0);
        }
        while (passes < over)
        {
            bytes += OfPass(loop, ++passes);
        }
        _loops[loop.TaskId] = (passes, bytes);
        return PayloadSize.Of(loop.Output) + bytes + (last > over ? OfPass(loop, last) : 0);
    }

    private long OfPass(TaskRow loop, int pass)
    {
        var bytes = TaskOutputs.Members(state, loop, pass).Sum(member => Entry(member.PlainName, Of(member)));
        return bytes == 0 ? 0 : Entry(pass.ToString(CultureInfo.InvariantCulture), Nothing + bytes);
    }

    /// <summary>A name in quotes, a colon, the value, a comma.</summary>
    private static long Entry(string name, long value) => Encoding.UTF8.GetByteCount(name) + 4 + value;
}
