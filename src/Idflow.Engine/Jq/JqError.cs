namespace Idflow.Engine.Jq;

/// <summary>An error that a program can catch; its value is a text unless the program raised another one.</summary>
internal sealed class JqError(JqValue value) : Exception
{
    public JqError(string message)
        : this(JqValue.Of(message))
    {
    }

    public JqValue Value { get; } = value;

    public override string Message => Value is JqString text ? text.Value : Value.ToString();
}

/// <summary>The program uses more time, memory or depth than it may; it cannot catch that.</summary>
internal sealed class JqLimitException(string message) : Exception(message);
