namespace Idflow.Engine.Jq;

internal sealed class IfNode(JqNode condition, JqNode then, JqNode? otherwise) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        return condition.Run(machine, input.Plain, env, item => item.Value.IsTrue ? then.Run(machine, input, env, emit) : otherwise is null ? emit(input) : otherwise.Run(machine, input, env, emit));
    }
}

/// <summary><c>a // b</c>: the outputs of a that count as true, else those of b. An error of a behind such an output ends it quietly.</summary>
internal sealed class AlternativeNode(JqNode left, JqNode right) : JqNode
{
    private static readonly JqNode Rethrow = new CallNode("error", [], JqBuiltins.Find("error", 0));
    private static readonly JqNode Nothing = new CallNode("empty", [], JqBuiltins.Find("empty", 0));

    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        var any = false;
        var handler = new ChoiceNode(() => any ? Nothing : Rethrow);
        var goOn = new TryNode(left, handler).Run(machine, input, env, item =>
        {
            if (!item.Value.IsTrue)
            {
                return true;
            }

            any = true;
            return emit(item);
        });
        return goOn && (any || right.Run(machine, input, env, emit));
    }

    private sealed class ChoiceNode(Func<JqNode> choose) : JqNode
    {
        public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit) => choose().Run(machine, input, env, emit);
    }
}

/// <summary><c>try a catch b</c>: catches what a raises, not what is raised further on by those who take its outputs.</summary>
internal sealed class TryNode(JqNode body, JqNode? handler) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        var frame = new object();
        try
        {
            return body.Run(machine, input, env, item =>
            {
                try
                {
                    return emit(item);
                }
                catch (JqError error)
                {
                    throw new Passing(frame, error);
                }
            });
        }
        catch (Passing passing) when (passing.Frame == frame)
        {
            throw passing.Error;
        }
        catch (JqError error)
        {
            // error(break) is how jq ends a try without an output.
            return error.Value is JqObject { Members: { Count: 1 } members } && members.ContainsKey("__jq")
                || handler is null
                || handler.Run(machine, new(error.Value, input.Path is null ? null : JqPath.None), env, emit);
        }
    }

    private sealed class Passing(object frame, JqError error) : Exception
    {
        public object Frame { get; } = frame;

        public JqError Error { get; } = error;
    }
}

internal sealed class LabelNode(string name, JqNode body) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        var label = new object();
        try
        {
            return body.Run(machine, input, env.WithLabel(name, label), emit);
        }
        catch (JqBreak taken) when (taken.Label == label)
        {
            return true;
        }
    }
}

/// <summary>On its way to the label that it names.</summary>
internal sealed class JqBreak(object label) : Exception
{
    public object Label { get; } = label;
}

internal sealed class BreakNode(string name) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit) => throw new JqBreak(env.Label(name));
}

/// <summary><c>source as $x ?// [$y] | body</c></summary>
internal sealed class BindNode(JqNode source, IReadOnlyList<JqPattern> patterns, JqNode body) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        var all = patterns.SelectMany(pattern => pattern.Variables).ToHashSet(StringComparer.Ordinal);
        return source.Run(machine, input.Plain, env, item => Try(machine, input, env, item.Value, 0, all, emit));
    }

    private bool Try(JqMachine machine, JqItem input, JqEnv env, JqValue value, int at, HashSet<string> all, JqEmit emit)
    {
        if (patterns.Count > 1)
        {
            env = all.Aggregate(env, (scope, name) => scope.With(name, JqValue.Null));
        }

        bool Bind() => patterns[at].Bind(machine, value, env, input.Plain, scope => body.Run(machine, input, scope, emit));
        if (at == patterns.Count - 1)
        {
            return Bind();
        }

        try
        {
            return Bind();
        }
        catch (JqError)
        {
            return Try(machine, input, env, value, at + 1, all, emit);
        }
    }
}

/// <summary><c>reduce source as $x (init; update)</c>: the last output of each update is the next state.</summary>
internal sealed class ReduceNode(JqNode source, JqPattern pattern, JqNode init, JqNode update) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        return init.Run(machine, input, env, start =>
        {
            var state = start;
            source.Run(machine, input.Plain, env, item => pattern.Bind(machine, item.Value, env, input.Plain, scope =>
            {
                var next = state.Computed(JqValue.Null);
                var goOn = update.Run(machine, state, scope, result =>
                {
                    next = result;
                    return true;
                });
                state = next;
                return goOn;
            }));
            return emit(state);
        });
    }
}

/// <summary><c>foreach source as $x (init; update; extract)</c></summary>
internal sealed class ForeachNode(JqNode source, JqPattern pattern, JqNode init, JqNode update, JqNode? extract) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        return init.Run(machine, input, env, start =>
        {
            var state = start;
            return source.Run(machine, input.Plain, env, item => pattern.Bind(machine, item.Value, env, input.Plain, scope => update.Run(machine, state, scope, next =>
            {
                state = next;
                return extract is null ? emit(next) : extract.Run(machine, next, scope, emit);
            })));
        });
    }
}

internal sealed class DefinitionNode(JqDefinition definition, JqNode body) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit) => body.Run(machine, input, env.With(definition), emit);
}

internal sealed class CallNode(string name, IReadOnlyList<JqNode> arguments, JqBuiltin? builtin) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        if (builtin is not null)
        {
            return builtin.Run(machine, input, [.. arguments.Select(argument => new JqClosure(argument, env))], emit);
        }

        var definition = env.Function(name, arguments.Count, out var scope) ?? throw new JqError($"{name}/{arguments.Count} is not defined");
        return Bind(machine, input, env, definition, 0, scope, emit);
    }

    private bool Bind(JqMachine machine, JqItem input, JqEnv caller, JqDefinition definition, int at, JqEnv scope, JqEmit emit)
    {
        if (at == definition.Parameters.Count)
        {
            return definition.Body.Run(machine, input, scope, emit);
        }

        var parameter = definition.Parameters[at];
        return parameter[0] != '$'
            ? Bind(machine, input, caller, definition, at + 1, scope.WithParameter(parameter, arguments[at], caller), emit)
            : arguments[at].Run(machine, input.Plain, caller, item =>
                Bind(machine, input, caller, definition, at + 1, scope.With(parameter[1..], item.Value).WithParameter(parameter[1..], new LiteralNode(item.Value), JqEnv.Empty), emit));
    }
}

/// <summary><c>path = value</c>, <c>path |= change</c>, and <c>path += value</c> and its like.</summary>
internal sealed class AssignNode(JqNode target, JqNode source, Func<JqValue, JqValue, JqValue?>? operation, bool isUpdate) : JqNode
{
    public override bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit)
    {
        machine.Limits.Step();
        if (isUpdate)
        {
            return emit(input.Computed(Update(machine, input.Value, Paths(machine, input, env), value => machine.TryFirst(source, new(value, null), env, out var next) ? next.Value : null)));
        }

        return source.Run(machine, input.Plain, env, value => emit(input.Computed(Update(machine, input.Value, Paths(machine, input, env),
            before => operation is null ? value.Value : operation(before, value.Value)))));
    }

    private List<JqArray> Paths(JqMachine machine, JqItem input, JqEnv env)
    {
        List<JqArray> paths = [];
        target.Run(machine, new(input.Value, JqPath.Root), env, item =>
        {
            paths.Add(JqFunctions.PathOf(item));
            return true;
        });
        return paths;
    }

    /// <summary>A change to nothing deletes the place.</summary>
    private static JqValue Update(JqMachine machine, JqValue value, List<JqArray> paths, Func<JqValue, JqValue?> change)
    {
        List<IReadOnlyList<JqValue>> gone = [];
        foreach (var path in paths)
        {
            machine.Limits.Step();
            value = JqPaths.Update(value, path.Items, 0, before =>
            {
                var next = change(before);
                if (next is null)
                {
                    gone.Add(path.Items);
                }

                return next ?? before;
            });
        }

        return JqPaths.Delete(value, gone);
    }
}
