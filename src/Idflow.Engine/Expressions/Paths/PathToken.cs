using System.Text.Json.Nodes;

namespace Idflow.Engine.Expressions.Paths;

/// <summary>One step of a path.</summary>
internal abstract record PathToken
{
    /// <summary>Whether the step leads to one place at most.</summary>
    public abstract bool IsDefinite(bool isLast);
}

/// <summary><c>.name</c> or <c>['name']</c>.</summary>
internal sealed record KeyToken(string Key) : PathToken
{
    public override bool IsDefinite(bool isLast) => true;
}

/// <summary><c>['a','b']</c>: at the end of a path a map of those keys, else each of them in turn.</summary>
internal sealed record KeysToken(IReadOnlyList<string> Keys) : PathToken
{
    public override bool IsDefinite(bool isLast) => isLast;
}

/// <summary><c>[0]</c>, <c>[-1]</c>, <c>[0,2]</c>; from the end when negative.</summary>
internal sealed record IndexToken(IReadOnlyList<int> Indexes) : PathToken
{
    public override bool IsDefinite(bool isLast) => Indexes.Count == 1;
}

/// <summary><c>[1:3]</c>, <c>[1:]</c>, <c>[:3]</c>; the second bound is not included.</summary>
internal sealed record SliceToken(int? From, int? To) : PathToken
{
    public override bool IsDefinite(bool isLast) => false;
}

/// <summary><c>*</c>: all values of a map or list.</summary>
internal sealed record WildcardToken : PathToken
{
    public override bool IsDefinite(bool isLast) => false;
}

/// <summary><c>..</c>: the next step is tried at every map and list below.</summary>
internal sealed record ScanToken : PathToken
{
    public override bool IsDefinite(bool isLast) => false;
}

/// <summary><c>[?(..)]</c>: a map, or the elements of a list, for which the condition holds.</summary>
internal sealed record FilterToken(FilterExpression Filter) : PathToken
{
    public override bool IsDefinite(bool isLast) => false;
}

/// <summary><c>.length()</c> and the like, applied to what the path has led to.</summary>
internal sealed record FunctionToken(PathFunction Function, IReadOnlyList<PathParameter> Parameters) : PathToken
{
    public override bool IsDefinite(bool isLast) => true;

    public bool TryApply(JsonNode? model, PathContext context, out JsonNode? value) => PathFunctions.TryApply(Function, model, Parameters, context, out value);
}

/// <summary>A parameter of a function: a path from the root, or a JSON value.</summary>
internal sealed record PathParameter(JsonPath? Path, JsonNode? Value)
{
    public JsonNode? Resolve(PathContext context) => Path is null ? Value : Path.Evaluate(context.Root, 0, context);
}
