namespace Idflow.Engine.Jq;

/// <summary>What stands behind <c>as</c>: a variable, or the parts of a list or map.</summary>
internal abstract class JqPattern
{
    public abstract IEnumerable<string> Variables { get; }

    /// <param name="input">What expressions in keys see.</param>
    public abstract bool Bind(JqMachine machine, JqValue value, JqEnv env, JqItem input, Func<JqEnv, bool> then);
}

internal sealed class VariablePattern(string name) : JqPattern
{
    public override IEnumerable<string> Variables => [name];

    public override bool Bind(JqMachine machine, JqValue value, JqEnv env, JqItem input, Func<JqEnv, bool> then) => then(env.With(name, value));
}

internal sealed class ListPattern(IReadOnlyList<JqPattern> items) : JqPattern
{
    public override IEnumerable<string> Variables => items.SelectMany(item => item.Variables);

    public override bool Bind(JqMachine machine, JqValue value, JqEnv env, JqItem input, Func<JqEnv, bool> then)
    {
        if (value is not (JqArray or JqNull))
        {
            throw new JqError($"Cannot index {value.TypeName} with number");
        }

        return BindFrom(0, env);

        bool BindFrom(int at, JqEnv scope) => at == items.Count
            ? then(scope)
            : items[at].Bind(machine, JqPaths.Index(value, JqValue.Of((double)at)), scope, input, next => BindFrom(at + 1, next));
    }
}

/// <param name="entries">A key, the variable that it also binds (for <c>{$name: ..}</c>), and the pattern of its value.</param>
internal sealed class MapPattern(IReadOnlyList<(JqNode Key, string? Variable, JqPattern? Value)> entries) : JqPattern
{
    public override IEnumerable<string> Variables => entries.SelectMany(entry => (entry.Variable is null ? [] : (string[])[entry.Variable]).Concat(entry.Value?.Variables ?? []));

    public override bool Bind(JqMachine machine, JqValue value, JqEnv env, JqItem input, Func<JqEnv, bool> then)
    {
        return BindFrom(0, env);

        bool BindFrom(int at, JqEnv scope)
        {
            if (at == entries.Count)
            {
                return then(scope);
            }

            var (key, variable, pattern) = entries[at];
            return key.Run(machine, input, scope, name =>
            {
                var part = JqPaths.Index(value, name.Value is JqString ? name.Value : throw new JqError($"Cannot index {value.TypeName} with {name.Value.TypeName}"));
                var inner = variable is null ? scope : scope.With(variable, part);
                return pattern is null ? BindFrom(at + 1, inner) : pattern.Bind(machine, part, inner, input, next => BindFrom(at + 1, next));
            });
        }
    }
}
