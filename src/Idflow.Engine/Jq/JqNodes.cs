namespace Idflow.Engine.Jq;

internal sealed class IdentityNode : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit) => emit(input);
}

internal sealed class LiteralNode(JqValue value) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit) => emit(input.Computed(value));
}

internal sealed class VariableNode(string name) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit) =>
        emit(input.Computed(name switch { "ENV" => JqObject.Empty, _ => env.Variable(name) }));
}

internal sealed class PipeNode(JqNode left, JqNode right) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        return left.Run(machine, input, env, item => right.Run(machine, item, env, emit));
    }
}

internal sealed class CommaNode(JqNode left, JqNode right) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        return left.Run(machine, input, env, emit) && right.Run(machine, input, env, emit);
    }
}

/// <summary><c>.key</c> or <c>.[key]</c>.</summary>
internal sealed class IndexNode(JqNode target, JqNode key) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        return target.Run(machine, input, env, item => key.Run(machine, input.Plain, env, wanted => emit(item.Step(wanted.Value, JqPaths.Index(item.Value, wanted.Value)))));
    }
}

internal sealed class SliceNode(JqNode target, JqNode? from, JqNode? to) : JqNode
{
    private static readonly LiteralNode Open = new(JqValue.Null);

    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        return target.Run(machine, input, env, item =>
            (to ?? Open).Run(machine, input.Plain, env, end =>
                (from ?? Open).Run(machine, input.Plain, env, start =>
                    emit(item.Step(JqPaths.SliceKey(start.Value, end.Value), JqPaths.Slice(item.Value, start.Value, end.Value))))));
    }
}

/// <summary><c>.[]</c></summary>
internal sealed class IterateNode(JqNode target) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        return target.Run(machine, input, env, item => Each(machine, item, emit));
    }

    public static bool Each(JqMachine machine, JqItem item, JqEmit emit)
    {
        switch (item.Value)
        {
            case JqArray array:
                for (var i = 0; i < array.Items.Count; i++)
                {
                    machine.Limits.Step();
                    if (!emit(item.Path is null ? new(array.Items[i], null) : item.Step(JqValue.Of((double)i), array.Items[i])))
                    {
                        return false;
                    }
                }

                return true;
            case JqObject map:
                foreach (var (key, value) in map.Members)
                {
                    machine.Limits.Step();
                    if (!emit(item.Path is null ? new(value, null) : item.Step(JqValue.Of(key), value)))
                    {
                        return false;
                    }
                }

                return true;
            default:
                throw new JqError($"Cannot iterate over {item.Value.TypeName}{(item.Value is JqNull ? "" : $" ({JqText.Short(item.Value)})")}");
        }
    }
}

internal sealed class ArrayNode(JqNode? items) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        return emit(input.Computed(items is null ? JqArray.Empty : JqValue.Of(machine.Collect(items, input, env))));
    }
}

/// <summary><c>{..}</c>: one object for each combination of the outputs of keys and values, the first entry varying slowest.</summary>
internal sealed class ObjectNode(IReadOnlyList<(JqNode Key, JqNode Value)> entries) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        return Build(machine, input, env, 0, [], emit);
    }

    private bool Build(JqMachine machine, JqItem input, JqEnv env, int at, Dictionary<string, JqValue> members, JqEmit emit)
    {
        if (at == entries.Count)
        {
            return emit(input.Computed(new JqObject(new(members, StringComparer.Ordinal))));
        }

        return entries[at].Key.Run(machine, input.Plain, env, key =>
        {
            var name = key.Value as JqString ?? throw new JqError($"Object keys must be strings, not {key.Value.TypeName} ({JqText.Short(key.Value)})");
            return entries[at].Value.Run(machine, input.Plain, env, value =>
            {
                var known = members.TryGetValue(name.Value, out var before);
                members[name.Value] = value.Value;
                var goOn = Build(machine, input, env, at + 1, members, emit);
                if (known)
                {
                    members[name.Value] = before!;
                }
                else
                {
                    members.Remove(name.Value);
                }

                return goOn;
            });
        });
    }
}

/// <summary>A text with <c>\(..)</c> in it; inserted values pass through the format in front of it.</summary>
/// <param name="parts">Text, and what is inserted behind it.</param>
internal sealed class TextNode(IReadOnlyList<(string Text, JqNode? Inserted)> parts, Func<JqValue, string> format) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit) => Build(machine, input, env, parts.Count - 1, "", emit);

    private bool Build(JqMachine machine, JqItem input, JqEnv env, int at, string tail, JqEmit emit)
    {
        machine.Limits.Step();
        JqLimits.CheckLength(tail.Length);
        if (at < 0)
        {
            return emit(input.Computed(JqValue.Of(tail)));
        }

        var (text, inserted) = parts[at];
        return inserted is null
            ? Build(machine, input, env, at - 1, text + tail, emit)
            : inserted.Run(machine, input.Plain, env, item => Build(machine, input, env, at - 1, text + format(item.Value) + tail, emit));
    }
}

/// <summary>An operator over two values; the right side varies slowest.</summary>
internal sealed class BinaryNode(JqNode left, JqNode right, Func<JqValue, JqValue, JqValue> operation) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        return right.Run(machine, input.Plain, env, b => left.Run(machine, input.Plain, env, a => emit(input.Computed(operation(a.Value, b.Value)))));
    }
}

internal sealed class NegateNode(JqNode operand) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        return operand.Run(machine, input.Plain, env, item =>
        {
            machine.Limits.Step();
            return emit(input.Computed(item.Value is JqNumber number
                ? JqValue.Of(-number.Value)
                : throw new JqError($"{item.Value.TypeName} ({JqText.Short(item.Value)}) cannot be negated")));
        });
    }
}

/// <summary><c>and</c>, <c>or</c>: the right side is asked only where the left does not decide.</summary>
internal sealed class LogicNode(JqNode left, JqNode right, bool decides) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        return left.Run(machine, input.Plain, env, a => a.Value.IsTrue == decides
            ? emit(input.Computed(JqValue.Of(decides)))
            : right.Run(machine, input.Plain, env, b => emit(input.Computed(JqValue.Of(b.Value.IsTrue)))));
    }
}
