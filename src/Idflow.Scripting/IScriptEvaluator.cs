using System.Text.Json.Nodes;

namespace Idflow.Scripting;

/// <summary>Runs JavaScript from definitions in a sandbox: no I/O, bounded time, memory and recursion, nothing kept between calls.</summary>
public interface IScriptEvaluator
{
    /// <summary>
    /// The value of the script's last statement. Each binding is a global (<c>$</c>, <c>doc</c>, ..) that holds plain
    /// JavaScript objects; changes to them stay in the script.
    /// </summary>
    /// <exception cref="ScriptException">The script is wrong, throws, or exceeds a limit.</exception>
    JsonNode? Evaluate(string script, IReadOnlyDictionary<string, JsonNode?> bindings);

    /// <summary>As <see cref="Evaluate(string, IReadOnlyDictionary{string, JsonNode?})"/>, with one global that is put together as far as the script reads it.</summary>
    /// <param name="name">The global's name.</param>
    /// <exception cref="ScriptException">The script is wrong, throws, or exceeds a limit.</exception>
    JsonNode? Evaluate(string script, string name, IScriptMap value);

    /// <summary>Parses without running.</summary>
    /// <exception cref="ScriptException">With <see cref="ScriptFailure.Syntax"/>.</exception>
    void CheckSyntax(string script);
}

/// <summary>Why a script gave no value.</summary>
public enum ScriptFailure { Syntax, Thrown, Timeout, Memory, Recursion }

/// <summary>A script that gave no value; the message is the text that a task's reason shows.</summary>
public sealed class ScriptException(ScriptFailure failure, string message, int line = 0, Exception? innerException = null) : Exception(message, innerException)
{
    public ScriptFailure Failure { get; } = failure;

    /// <summary>From 1; 0 when unknown.</summary>
    public int Line { get; } = line;
}
