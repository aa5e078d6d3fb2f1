namespace Idflow.Engine.Jq;

using Table = Dictionary<(string Name, int Arity), JqBuiltin>;

/// <summary>Functions that make, repeat or cut streams of values.</summary>
internal static class JqStreams
{
    public static void Add(Table table)
    {
        table.Closure("recurse", 0, (machine, input, _, emit) => Descend(machine, input, emit));
        table.Closure("recurse", 1, (machine, input, arguments, emit) => Recurse(machine, input, arguments[0], null, emit));
        table.Closure("recurse", 2, (machine, input, arguments, emit) => Recurse(machine, input, arguments[0], arguments[1], emit));
        table.Closure("recurse_down", 0, (machine, input, _, emit) => Descend(machine, input, emit));
        table.Closure("repeat", 1, (machine, input, arguments, emit) => Repeat(machine, input, arguments[0], emit));
        table.Closure("while", 2, (machine, input, arguments, emit) => While(machine, input, arguments[0], arguments[1], emit));
        table.Closure("until", 2, (machine, input, arguments, emit) => Until(machine, input, arguments[0], arguments[1], emit));
        table.Closure("first", 1, (machine, input, arguments, emit) => !machine.TryFirst(arguments[0].Node, input, arguments[0].Env, out var first) || emit(first));
        table.Closure("last", 1, (machine, input, arguments, emit) => Last(machine, input, arguments[0], emit));
        table.Closure("limit", 2, (machine, input, arguments, emit) => arguments[0].Run(machine, input.Plain, count => Limit(machine, input, Number(count.Value), arguments[1], emit)));
        table.Closure("skip", 2, (machine, input, arguments, emit) => arguments[0].Run(machine, input.Plain, count => Skip(machine, input, Number(count.Value), arguments[1], emit)));
        table.Closure("nth", 2, (machine, input, arguments, emit) => arguments[0].Run(machine, input.Plain, at => Nth(machine, input, Number(at.Value), arguments[1], emit)));
        table.Closure("isempty", 1, (machine, input, arguments, emit) => emit(input.Computed(JqValue.Of(!machine.TryFirst(arguments[0].Node, input.Plain, arguments[0].Env, out _)))));
        table.Closure("any", 2, (machine, input, arguments, emit) => emit(input.Computed(JqValue.Of(Any(machine, input, arguments[0], arguments[1], wanted: true)))));
        table.Closure("all", 2, (machine, input, arguments, emit) => emit(input.Computed(JqValue.Of(!Any(machine, input, arguments[0], arguments[1], wanted: false)))));
        table.Closure("IN", 1, (machine, input, arguments, emit) => emit(input.Computed(JqValue.Of(arguments[0].Collect(machine, input.Value).Any(value => value.CompareTo(input.Value) == 0)))));
        table.Closure("IN", 2, (machine, input, arguments, emit) =>
        {
            var wanted = arguments[1].Collect(machine, input.Value);
            return emit(input.Computed(JqValue.Of(arguments[0].Collect(machine, input.Value).Any(value => wanted.Any(other => other.CompareTo(value) == 0)))));
        });
        table[("range", 1)] = JqBuiltin.Values(1, (machine, input, values, emit) => Range(machine, input, 0, Number(values[0]), 1, emit));
        table.Closure("range", 2, (machine, input, arguments, emit) => arguments[0].Run(machine, input.Plain, from => arguments[1].Run(machine, input.Plain, to =>
            Range(machine, input, Number(from.Value), Number(to.Value), 1, emit))));
        table.Closure("range", 3, (machine, input, arguments, emit) => arguments[0].Run(machine, input.Plain, from => arguments[1].Run(machine, input.Plain, to =>
            arguments[2].Run(machine, input.Plain, by => Range(machine, input, Number(from.Value), Number(to.Value), Number(by.Value), emit)))));
        table.Closure("tostream", 0, (machine, input, _, emit) => ToStream(machine, input, JqPath.Root, emit));
        table.Closure("fromstream", 1, FromStream);
        table.Closure("truncate_stream", 1, (machine, input, arguments, emit) => arguments[0].Run(machine, input.Plain, item => Truncate(input, Number(input.Value), item.Value, emit)));
    }

    /// <summary><c>..</c>: a value, then all below it.</summary>
    public static bool Descend(JqMachine machine, JqItem item, JqEmit emit)
    {
        machine.Limits.Step();
        return emit(item) && (item.Value is not (JqArray or JqObject) || IterateNode.Each(machine, item, child => Descend(machine, child, emit)));
    }

    private static bool Recurse(JqMachine machine, JqItem item, JqClosure step, JqClosure? condition, JqEmit emit)
    {
        machine.Limits.Step();
        return (condition is { } wanted && !wanted.Holds(machine, item.Value)) || (emit(item) && step.Run(machine, item, next => Recurse(machine, next, step, condition, emit)));
    }

    /// <summary>The outputs of one step again and again, as jq 1.6 and 1.7 have it (their manual tells of a chain).</summary>
    private static bool Repeat(JqMachine machine, JqItem input, JqClosure step, JqEmit emit)
    {
        while (step.Run(machine, input, emit))
        {
            machine.Limits.Step();
        }

        return false;
    }

    private static bool While(JqMachine machine, JqItem item, JqClosure condition, JqClosure update, JqEmit emit)
    {
        machine.Limits.Step();
        return !condition.Holds(machine, item.Value) || (emit(item) && update.Run(machine, item, next => While(machine, next, condition, update, emit)));
    }

    private static bool Until(JqMachine machine, JqItem item, JqClosure condition, JqClosure update, JqEmit emit)
    {
        machine.Limits.Step();
        while (!condition.Holds(machine, item.Value))
        {
            machine.Limits.Step();
            if (!machine.TryFirst(update.Node, item, update.Env, out var next))
            {
                return true;
            }

            item = next;
        }

        return emit(item);
    }

    private static bool Last(JqMachine machine, JqItem input, JqClosure source, JqEmit emit)
    {
        JqItem? last = null;
        source.Run(machine, input, item =>
        {
            last = item;
            return true;
        });
        return last is not { } found || emit(found);
    }

    private static bool Limit(JqMachine machine, JqItem input, double count, JqClosure source, JqEmit emit)
    {
        if (count <= 0)
        {
            return true;
        }

        var (left, goOn) = (count, true);
        source.Run(machine, input, item => (goOn = emit(item)) && --left > 0);
        return goOn;
    }

    private static bool Skip(JqMachine machine, JqItem input, double count, JqClosure source, JqEmit emit)
    {
        var left = count;
        return source.Run(machine, input, item => left-- > 0 || emit(item));
    }

    private static bool Nth(JqMachine machine, JqItem input, double at, JqClosure source, JqEmit emit)
    {
        if (at < 0)
        {
            throw new JqError("Out of bounds negative array index");
        }

        JqItem? found = null;
        source.Run(machine, input, item =>
        {
            if (at-- >= 1)
            {
                return true;
            }

            found = item;
            return false;
        });
        return found is not { } item || emit(item);
    }

    private static bool Any(JqMachine machine, JqItem input, JqClosure source, JqClosure condition, bool wanted)
    {
        var found = false;
        source.Run(machine, input.Plain, item => condition.Run(machine, item.Plain, result => !(found = result.Value.IsTrue == wanted)));
        return found;
    }

    private static bool Range(JqMachine machine, JqItem input, double from, double to, double by, JqEmit emit)
    {
        for (var at = from; by > 0 ? at < to : by < 0 ? at > to : from < to; at += by)
        {
            machine.Limits.Step();
            if (!emit(input.Computed(JqValue.Of(at))))
            {
                return false;
            }
        }

        return true;
    }

    private static bool ToStream(JqMachine machine, JqItem input, JqPath path, JqEmit emit)
    {
        machine.Limits.Step();
        JqValue? last = null;
        var hasParts = input.Value is JqArray { Items.Count: > 0 } or JqObject { Members.Count: > 0 };
        if (!hasParts)
        {
            return emit(new(JqValue.Of([path.ToArray(), input.Value]), null));
        }

        return IterateNode.Each(machine, new(input.Value, path), child =>
        {
            last = child.Path!.ToArray();
            return ToStream(machine, child, child.Path!, emit);
        }) && emit(new(JqValue.Of([last!]), null));
    }

    private static bool FromStream(JqMachine machine, JqItem input, JqClosure[] arguments, JqEmit emit)
    {
        var built = JqValue.Null;
        return arguments[0].Run(machine, input.Plain, item =>
        {
            var parts = JqFunctions.Keys(item.Value);
            var path = JqFunctions.Keys(parts[0]);
            if (parts.Count > 1)
            {
                built = JqPaths.Set(built, path, parts[1]);
            }

            var isWhole = parts.Count > 1 ? path.Count == 0 : path.Count == 1;
            if (!isWhole)
            {
                return true;
            }

            var whole = built;
            built = JqValue.Null;
            return emit(input.Computed(whole));
        });
    }

    private static bool Truncate(JqItem input, double depth, JqValue part, JqEmit emit)
    {
        var parts = JqFunctions.Keys(part);
        var path = JqFunctions.Keys(parts[0]);
        return path.Count <= depth || emit(input.Computed(JqValue.Of([JqValue.Of([.. path.Skip((int)depth)]), .. parts.Skip(1)])));
    }

    public static double Number(JqValue value) => value is JqNumber number ? number.Value : throw new JqError($"{value.TypeName} ({JqText.Short(value)}) cannot be used as a number");
}
