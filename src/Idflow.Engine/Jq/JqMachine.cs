namespace Idflow.Engine.Jq;

/// <summary>Takes one output of a program; false stops the program that gives them.</summary>
internal delegate bool JqEmit(JqItem item);

/// <summary>One evaluation.</summary>
internal sealed class JqMachine(JqLimits limits)
{
    public JqLimits Limits => limits;

    /// <summary>All outputs, as values.</summary>
    public List<JqValue> Collect(JqNode node, JqItem input, JqEnv env)
    {
        List<JqValue> values = [];
        node.Run(this, input.Plain, env, item =>
        {
            JqLimits.CheckLength(values.Count);
            values.Add(item.Value);
            return true;
        });
        return values;
    }

    /// <summary>Runs until the first output; false when there is none.</summary>
    public bool TryFirst(JqNode node, JqItem input, JqEnv env, out JqItem first)
    {
        var found = false;
        var result = default(JqItem);
        node.Run(this, input, env, item =>
        {
            (found, result) = (true, item);
            return false;
        });
        first = result;
        return found;
    }
}

/// <summary>Names in scope, innermost first.</summary>
internal sealed class JqEnv
{
    public static readonly JqEnv Empty = new(null, "", -1, null, null, null);

    private readonly JqEnv? _parent;
    private readonly string _name;
    private readonly int _arity;
    private readonly JqValue? _value;
    private readonly JqDefinition? _definition;
    private readonly JqEnv? _definedIn;
    private readonly object? _label;

    private JqEnv(JqEnv? parent, string name, int arity, JqValue? value, JqDefinition? definition, JqEnv? definedIn, object? label = null) =>
        (_parent, _name, _arity, _value, _definition, _definedIn, _label) = (parent, name, arity, value, definition, definedIn, label);

    public JqEnv With(string variable, JqValue value) => new(this, variable, -1, value, null, null);

    /// <summary>A definition sees itself and what was in scope where it stands.</summary>
    public JqEnv With(JqDefinition definition) => new(this, definition.Name, definition.Parameters.Count, null, definition, null);

    /// <summary>A parameter: a program together with the scope of its caller.</summary>
    public JqEnv WithParameter(string name, JqNode body, JqEnv caller) => new(this, name, 0, null, new(name, [], body), caller);

    public JqEnv WithLabel(string name, object label) => new(this, name, -2, null, null, null, label);

    public JqValue Variable(string name)
    {
        var at = this;
        while (at._arity != -1 || at._name != name || at._value is null)
        {
            at = at._parent ?? throw new JqError($"${name} is not defined");
        }

        return at._value;
    }

    public object Label(string name)
    {
        var at = this;
        while (at._arity != -2 || at._name != name)
        {
            at = at._parent ?? throw new JqError($"$*label-{name} is not defined");
        }

        return at._label!;
    }

    /// <summary>The definition of a name, and the scope that its body runs in; null for one that is built in.</summary>
    public JqDefinition? Function(string name, int arity, out JqEnv scope)
    {
        for (var at = this; at is not null; at = at._parent)
        {
            if (at._arity == arity && at._name == name && at._definition is { } found)
            {
                scope = at._definedIn ?? at;
                return found;
            }
        }

        scope = Empty;
        return null;
    }
}

/// <param name="Parameters">With a <c>$</c> in front where the parameter is a value.</param>
internal sealed record JqDefinition(string Name, IReadOnlyList<string> Parameters, JqNode Body);

/// <summary>An argument: a program in the scope of its caller.</summary>
internal readonly record struct JqClosure(JqNode Node, JqEnv Env)
{
    public bool Run(JqMachine machine, JqItem input, JqEmit emit) => Node.Run(machine, input, Env, emit);

    public List<JqValue> Collect(JqMachine machine, JqValue input) => machine.Collect(Node, new(input, null), Env);

    /// <summary>The first output as yes or no; no when there is none.</summary>
    public bool Holds(JqMachine machine, JqValue input) => machine.TryFirst(Node, new(input, null), Env, out var item) && item.Value.IsTrue;
}

/// <summary>A part of a program: takes a value, gives any number of them.</summary>
internal abstract class JqNode
{
    /// <summary>Gives every output to <paramref name="emit"/>; false when that has stopped it.</summary>
    public abstract bool Run(JqMachine machine, JqItem input, JqEnv env, JqEmit emit);
}
