using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Idflow.Engine.Expressions.Paths;

/// <summary>
/// A JSONPath in the dialect of Jayway JsonPath 2.4 with suppressed exceptions: a definite path (keys, single positions,
/// functions) gives its value or null; one that may match several gives the list of what it found, empty when nothing is there.
/// </summary>
internal sealed class JsonPath
{
    private JsonPath(IReadOnlyList<PathToken> tokens)
    {
        Tokens = tokens;
        PlainKeys = [.. tokens.TakeWhile(token => token is KeyToken).Select(token => ((KeyToken)token).Key)];
        IsDefinite = Definite(tokens);
    }

    public IReadOnlyList<PathToken> Tokens { get; }

    /// <summary>The keys at the front of the path.</summary>
    public IReadOnlyList<string> PlainKeys { get; }

    public bool IsDefinite { get; }

    /// <summary>Reads a path; <c>$.</c> in front of it is implied.</summary>
    /// <param name="error">Where and why it is no path.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out JsonPath? path, [NotNullWhen(false)] out string? error)
    {
        try
        {
            path = new(new PathParser(text).Parse());
            error = null;
            return true;
        }
        catch (PathException exception)
        {
            path = null;
            error = exception.Message;
            return false;
        }
        catch (InsufficientExecutionStackException)
        {
            path = null;
            error = "The path is nested too deeply.";
            return false;
        }
    }

    /// <summary>The value in <paramref name="root"/>; a node of a definite path still belongs to it.</summary>
    public JsonNode? Evaluate(JsonNode? root) => Evaluate(root, 0, new PathContext(() => root));

    /// <summary>The value from <paramref name="start"/> on, where the tokens before it have led to <paramref name="node"/>.</summary>
    public JsonNode? Evaluate(JsonNode? node, int start, PathContext context)
    {
        var found = Find(node, start, context);
        return IsDefinite ? (found.Count == 0 ? null : found[0]) : ToArray(found);
    }

    /// <summary>What the path gives when the place it starts from does not exist.</summary>
    public JsonNode? Missing() => IsDefinite ? null : new JsonArray();

    /// <summary>All matches, in document order.</summary>
    public List<JsonNode?> Find(JsonNode? node, int start, PathContext context)
    {
        // A function at the end of a path with a deep scan is applied to the list of all that was found.
        if (Tokens is [.., FunctionToken function] && Tokens.Skip(start).Any(token => token is ScanToken))
        {
            List<JsonNode?> scanned = [];
            PathWalker.Walk(Tokens, start, Tokens.Count - 1, node, context, scanned);
            return function.TryApply(ToArray(scanned), context, out var total) ? [total] : [];
        }

        List<JsonNode?> found = [];
        PathWalker.Walk(Tokens, start, Tokens.Count, node, context, found);
        return found;
    }

    private static JsonArray ToArray(List<JsonNode?> found) => new([.. found.Select(item => item?.DeepClone())]);

    private static bool Definite(IReadOnlyList<PathToken> tokens)
    {
        if (tokens is [.., FunctionToken] && tokens.Any(token => token is ScanToken))
        {
            return true;
        }

        for (var i = 0; i < tokens.Count; i++)
        {
            if (!tokens[i].IsDefinite(isLast: i == tokens.Count - 1))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The document that <c>$</c> names inside filters and function parameters; built only when one asks.</summary>
internal sealed class PathContext(Func<JsonNode?> root)
{
    private JsonNode? _root;
    private bool _known;

    public JsonNode? Root
    {
        get
        {
            if (!_known)
            {
                _root = root();
                _known = true;
            }

            return _root;
        }
    }
}

internal sealed class PathException(string message) : Exception(message);
