using System.Runtime.CompilerServices;

namespace Idflow.Engine.Jq;

/// <summary>How a value was reached, while paths are asked for. <see cref="None"/> belongs to a computed value.</summary>
internal sealed class JqPath
{
    public static readonly JqPath Root = new(null, JqValue.Null);
    public static readonly JqPath None = new(null, JqValue.Null);

    private readonly JqPath? _parent;
    private readonly JqValue _key;

    private JqPath(JqPath? parent, JqValue key) => (_parent, _key) = (parent, key);

    public JqPath Then(JqValue key) => new(this, key);

    public JqArray ToArray()
    {
        List<JqValue> keys = [];
        for (var at = this; at._parent is not null; at = at._parent)
        {
            keys.Add(at._key);
        }

        keys.Reverse();
        return new(keys);
    }
}

/// <summary>
/// A value on its way through a program. Each operator of a chain hands its values on from inside of the one before, so the stack is
/// looked at here too, not only where a program goes down into its parts.
/// </summary>
/// <param name="Path">Null when no paths are asked for.</param>
internal readonly record struct JqItem(JqValue Value, JqPath? Path)
{
    public JqItem Plain => new(Value, null);

    /// <summary>A value that stands at no place of the input.</summary>
    public JqItem Computed(JqValue value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return new(value, Path is null ? null : JqPath.None);
    }

    /// <summary>A value one step down.</summary>
    public JqItem Step(JqValue key, JqValue value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (Path == JqPath.None)
        {
            // A step down from null changes nothing, so jq lets it pass.
            return Value.Type == JqType.Null ? new(value, JqPath.None) : throw new JqError($"Invalid path expression with result {JqText.Short(Value)}");
        }

        return new(value, Path?.Then(key));
    }
}
