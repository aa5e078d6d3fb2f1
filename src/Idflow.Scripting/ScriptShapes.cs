using System.Collections.Frozen;
using Acornima.Ast;
using Jint;

namespace Idflow.Scripting;

/// <summary>How a script has to be run so that no call of it can overflow the stack.</summary>
internal enum ScriptShape
{
    /// <summary>As it is: it is plain, and none of its functions can call itself.</summary>
    Flat,

    /// <summary>On a deep stack: it is plain, and may recurse.</summary>
    Recursive,

    /// <summary>On a deep stack, with every function of the interpreter guarded.</summary>
    Doubtful,
}

/// <summary>
/// Whether a script is plain: it calls the interpreter's own functions but hands none of them around as a value, and has no generators. Then the interpreter never calls one
/// of its own functions from another, which is how it can recurse without passing a check. Nearly all scripts of workflows are plain; the
/// others run with every function guarded (<see cref="GuardedBuiltins.GuardAll"/>), which takes some milliseconds more.
/// </summary>
internal static class ScriptShapes
{
    /// <summary>Names that lead to functions or prototypes, or that run text as code.</summary>
    private static readonly FrozenSet<string> Doubtful = FrozenSet.Create(StringComparer.Ordinal,
        "eval", "Function", "Reflect", "Symbol", "Promise", "Proxy", "Iterator", "AsyncIterator", "Generator", "ShadowRealm", "globalThis", "toString", "valueOf", "toLocaleString");

    /// <summary>Members that do, also when they are called at once.</summary>
    private static readonly FrozenSet<string> DoubtfulMembers = FrozenSet.Create(StringComparer.Ordinal,
        "call", "apply", "bind", "callee", "constructor", "prototype", "__proto__", "getPrototypeOf", "setPrototypeOf", "getOwnPropertyDescriptor", "getOwnPropertyDescriptors",
        "defineProperty", "defineProperties", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__");

    /// <summary>Methods that give iterators, whose helpers recurse in chains; of Object they give lists.</summary>
    private static readonly FrozenSet<string> IteratorMethods = FrozenSet.Create(StringComparer.Ordinal, "keys", "values", "entries", "matchAll");

    private static readonly Lazy<FrozenSet<string>> FunctionNames = new(() =>
    {
        using var engine = new Engine();
        return GuardedBuiltins.NamesOfFunctions(engine).ToFrozenSet(StringComparer.Ordinal);
    });

    public static ScriptShape Of(Node? program)
    {
        if (program is null)
        {
            return ScriptShape.Doubtful;
        }
        var shape = ScriptShape.Flat;
        var open = new Stack<(Node Node, Node? Parent)>();
        open.Push((program, null));
        while (open.TryPop(out var next))
        {
            if (IsDoubtful(next.Node, next.Parent))
            {
                return ScriptShape.Doubtful;
            }
            if (next.Node is IFunction && !HasNoName(next.Node, next.Parent))
            {
                shape = ScriptShape.Recursive;
            }
            foreach (var child in next.Node.ChildNodes)
            {
                if (child is not null)
                {
                    open.Push((child, next.Node));
                }
            }
        }
        return shape;
    }

    /// <summary>A function that is called, or handed to a call, where it stands: it cannot call itself.</summary>
    private static bool HasNoName(Node function, Node? parent) => function is ArrowFunctionExpression or FunctionExpression { Id: null } && parent is CallExpression;

    private static bool IsDoubtful(Node node, Node? parent) => node switch
    {
        IFunction { Generator: true } or IFunction { Async: true } or YieldExpression or AwaitExpression or WithStatement => true,
        MemberExpression member => IsDoubtful(member, parent),
        Property { Computed: true } when parent is ObjectPattern => true,
        Property property when parent is ObjectPattern => NameOf(property.Key) is { } name && (FunctionNames.Value.Contains(name) || DoubtfulMembers.Contains(name)),
        Property property => NameOf(property.Key) is "__proto__",
        Identifier identifier => Doubtful.Contains(identifier.Name) && !IsOnlyAName(identifier, parent),
        _ => false,
    };

    /// <summary>A member may be a function when its name says so, or cannot be known; it does no harm where it is called or looked into at once.</summary>
    private static bool IsDoubtful(MemberExpression member, Node? parent)
    {
        var name = NameOf(member);
        if (name is not null && (DoubtfulMembers.Contains(name) || (IteratorMethods.Contains(name) && parent is CallExpression && member.Object is not Identifier { Name: "Object" })))
        {
            return true;
        }
        var isUsedAtOnce = (parent is CallExpression call && call.Callee == member) || (parent is MemberExpression outer && outer.Object == member)
            || (parent is AssignmentExpression assignment && assignment.Left == member)
            || parent is BinaryExpression or UnaryExpression or UpdateExpression or IfStatement or TemplateLiteral;
        return name is null ? !IsIndex(member) && (parent is CallExpression || !isUsedAtOnce) : !isUsedAtOnce && FunctionNames.Value.Contains(name);
    }

    private static bool IsIndex(MemberExpression member) => member.Property is Literal { Value: double };

    private static string? NameOf(MemberExpression member) => member.Computed
        ? member.Property is StringLiteral text ? text.Value : null
        : member.Property is Identifier identifier ? identifier.Name : "";

    private static string? NameOf(Node key) => key switch
    {
        Identifier identifier => identifier.Name,
        StringLiteral text => text.Value,
        _ => null,
    };

    /// <summary>A key or the name of a member, not a variable.</summary>
    private static bool IsOnlyAName(Identifier identifier, Node? parent) => parent switch
    {
        MemberExpression { Computed: false } member => member.Property == identifier,
        Property { Computed: false, Shorthand: false } property => property.Key == identifier,
        ClassProperty { Computed: false } property => property.Key == identifier,
        _ => false,
    };
}
