using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Acornima;
using Acornima.Ast;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;

namespace Idflow.Scripting;

/// <summary>
/// JavaScript by Jint: a fresh engine per evaluation, so that nothing leaks from one to the next, and parsed scripts kept. Every
/// evaluation ends: by its value, by an error of the script, or at one of the <see cref="ScriptOptions"/>.
/// </summary>
public sealed class JavaScriptSandbox(ScriptOptions? options = null, TimeProvider? time = null) : IScriptEvaluator
{
    private readonly ScriptOptions _options = options ?? new();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<string, PreparedScript> _prepared = new(StringComparer.Ordinal);

    public JsonNode? Evaluate(string script, IReadOnlyDictionary<string, JsonNode?> bindings)
    {
        ArgumentNullException.ThrowIfNull(bindings);
        return Evaluate(script, (engine, _) =>
        {
            foreach (var (name, value) in bindings)
            {
                engine.SetValue(name, ScriptValues.FromJson(engine, value));
            }
        });
    }

    public JsonNode? Evaluate(string script, string name, IScriptMap value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        return Evaluate(script, (engine, constraint) => engine.SetValue(name, (JsValue)new ScriptMapObject(engine, value, constraint)));
    }

    /// <param name="bind">Sets the globals.</param>
    private JsonNode? Evaluate(string script, Action<Engine, SandboxConstraint> bind)
    {
        ArgumentNullException.ThrowIfNull(script);
        var prepared = Prepare(script);
        return prepared.Shape == ScriptShape.Flat ? Run(script, prepared, bind) : DeepStack.Run(() => Run(script, prepared, bind));
    }

    private JsonNode? Run(string script, PreparedScript prepared, Action<Engine, SandboxConstraint> bind)
    {
        var constraint = new SandboxConstraint(_options, _time);
        constraint.Begin();
        try
        {
            using var engine = CreateEngine(constraint, prepared.Shape);
            bind(engine, constraint);
            constraint.Begin();
            return ScriptValues.ToJson(engine, engine.Evaluate(in prepared.Script));
        }
        catch (JavaScriptException thrown)
        {
            throw new ScriptException(ScriptFailure.Thrown, Describe(thrown, script), thrown.Location.Start.Line, thrown);
        }
        catch (Exception exception) when (AsFailure(exception) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>A <c>return</c> belongs into a function, as the language has it.</summary>
    private static readonly ScriptPreparationOptions Preparation = new() { ParsingOptions = ScriptParsingOptions.Default with { AllowReturnOutsideFunction = false } };

    public void CheckSyntax(string script) => Prepare(script);

    private PreparedScript Prepare(string script)
    {
        if (_prepared.TryGetValue(script, out var known))
        {
            return known;
        }

        try
        {
            var parsed = Engine.PrepareScript(script, options: Preparation);
            var prepared = new PreparedScript(parsed, ScriptShapes.Of(parsed.Program));
            if (_prepared.Count >= _options.CachedScripts)
            {
                _prepared.Clear();
            }

            return _prepared[script] = prepared;
        }
        catch (ScriptPreparationException exception)
        {
            var error = exception.InnerException as ParseErrorException;
            var text = error is null ? exception.Message : $"SyntaxError: {error.Error?.Description ?? error.Description} at column {error.Column + 1}";
            throw new ScriptException(ScriptFailure.Syntax, Wrap(text, error?.LineNumber ?? 0), error?.LineNumber ?? 0, exception);
        }
        catch (InsufficientExecutionStackException exception)
        {
            throw new ScriptException(ScriptFailure.Syntax, Wrap("SyntaxError: The script is nested too deeply", 0), 0, exception);
        }
    }

    private Engine CreateEngine(SandboxConstraint constraint, ScriptShape shape)
    {
        var engine = new Engine(jint =>
        {
            jint.Constraint(constraint);
            jint.LimitRecursion(_options.MaxRecursion);
            jint.Constraints.RegexTimeout = _options.Timeout;
            jint.Constraints.MaxArraySize = (uint)Math.Min(_options.MemoryBytes / 8, uint.MaxValue);
            jint.Json.MaxParseDepth = 500;
        });
        if (shape == ScriptShape.Doubtful)
        {
            GuardedBuiltins.GuardAll(engine);
        }

        GuardedBuiltins.Install(engine);
        return engine;
    }

    private ScriptException? AsFailure(Exception exception) => exception switch
    {
        LimitExceededException limit => new(limit.Failure, limit.Message, 0, limit),
        RecursionDepthOverflowException => new(ScriptFailure.Recursion, $"The script calls itself more than {_options.MaxRecursion} levels deep.", 0, exception),
        InsufficientExecutionStackException => new(ScriptFailure.Recursion, "The script calls itself too deeply.", 0, exception),
        RegexMatchTimeoutException => new(ScriptFailure.Timeout, $"Script not evaluated within {_options.Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} seconds, interrupted.", 0, exception),
        MemoryLimitExceededException => AsFailure(SandboxConstraint.TooMuchMemory(_options, exception.Message)),
        OutOfMemoryException => AsFailure(SandboxConstraint.TooMuchMemory(_options, null)),
        JintException => new(ScriptFailure.Thrown, Wrap(exception.Message, 0), 0, exception),
        _ => null,
    };

    /// <summary>
    /// <c>NAME: message</c> for an Error, else the value as text. The line follows for other values and for the engine's own
    /// errors, not for Error objects that the script made.
    /// </summary>
    private static string Describe(JavaScriptException thrown, string script)
    {
        var line = thrown.Location.Start.Line;
        if (thrown.Error is JsError error)
        {
            return Wrap(Text(error), IsThrowStatement(script, thrown) ? 0 : line);
        }

        return Wrap(Text(thrown.Error), line);
    }

    private static string Text(JsValue value)
    {
        if (value is not ObjectInstance instance)
        {
            return value.ToString();
        }

        // Data properties only: a getter or a toString of the script's own must not run here.
        var name = Data(instance, "name") ?? Data(instance.Prototype, "name");
        var message = Data(instance, "message");
        return (name, message) switch
        {
            (null, null) => "[object Object]",
            (_, null or "") => name ?? "Error",
            _ => $"{name ?? "Error"}: {message}",
        };
    }

    private static string? Data(ObjectInstance? instance, string name) => instance?.GetOwnProperty(name).Value is { } value && value.IsString() ? value.AsString() : null;

    /// <summary>An error of the engine points to the expression that failed; that of a <c>throw</c> points to what is thrown.</summary>
    private static bool IsThrowStatement(string script, JavaScriptException thrown)
    {
        var position = thrown.Location.Start;
        var start = 0;
        for (var line = 1; line < position.Line; line++)
        {
            start = script.IndexOf('\n', start) + 1;
            if (start == 0)
            {
                return false;
            }
        }

        var at = start + position.Column;
        return at <= script.Length && script.AsSpan(0, at).TrimEnd().TrimEnd('(').TrimEnd().EndsWith("throw", StringComparison.Ordinal);
    }

    private static string Wrap(string what, int line) => $"Error evaluating the script `{what}`{(line > 0 ? $" at line {line}" : "")}";

    /// <summary>A parsed script, and how it is to be run.</summary>
    private sealed class PreparedScript(Prepared<Script> script, ScriptShape shape)
    {
        public readonly Prepared<Script> Script = script;

        public ScriptShape Shape => shape;
    }
}
