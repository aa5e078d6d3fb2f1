using Acornima.Ast;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace Idflow.Scripting;

/// <summary>
/// The interpreter's own functions that descend into data without running a statement: deep or endless data would overflow the
/// stack there and end the process. Each gets a check per level. Atomics can block a thread without a limit and is not needed.
/// </summary>
internal static class GuardedBuiltins
{
    /// <summary>
    /// Shadow realms bring back what is replaced here; Atomics and shared memory block threads. No workflow needs them. Proxy, whose chains recurse without a check, stays as a name only.
    /// </summary>
    private static readonly string[] Removed = ["Atomics", "SharedArrayBuffer", "ShadowRealm", "Temporal"];

    /// <summary>Values whose prototypes no name leads to.</summary>
    private static readonly Prepared<Script> Hidden = Engine.PrepareScript(
        "[function* () {}, async function () {}, async function* () {}, [].keys(), new Map().keys(), new Set().keys(), ''[Symbol.iterator](), ''.matchAll(/a/g), function* () {}.prototype]");

    /// <summary>Deepest chain of bound functions.</summary>
    private const int MaxBindings = 100;

    /// <summary>Deepest nesting that <c>flat</c> resolves.</summary>
    private const int MaxFlatDepth = 256;

    public static void Install(Engine engine)
    {
        foreach (var name in Removed)
        {
            engine.Global.Delete(name);
        }

        engine.Global.FastSetProperty("Proxy", new PropertyDescriptor(
            new ClrFunction(engine, "Proxy", (_, _) => throw new JavaScriptException(engine.Intrinsics.TypeError, "Proxy is not available here"), 2), writable: true, enumerable: false, configurable: true));
        var json = engine.Global.Get("JSON").AsObject();
        Replace(engine, json, "stringify", 3, (original, self, arguments) => Stringify(engine, original, self, arguments));
        var arrays = engine.Global.Get("Array").AsObject().Get("prototype").AsObject();
        Replace(engine, arrays, "join", 1, (original, self, arguments) => original.Call(self, arguments));
        Replace(engine, arrays, "toLocaleString", 0, (original, self, arguments) => original.Call(self, arguments));
        Replace(engine, arrays, "flat", 0, (original, self, arguments) =>
            original.Call(self, arguments.Length == 0 || arguments[0].IsUndefined() ? [] : [Math.Min(TypeConverter.ToNumber(arguments[0]), MaxFlatDepth)]));
    }

    /// <summary>
    /// Guards every function of the interpreter itself, getters and setters included: whatever they call next, each call checks the stack. For scripts that are
    /// <see cref="ScriptShape.Doubtful"/>.
    /// </summary>
    public static void GuardAll(Engine engine)
    {
        var iterators = (ObjectInstance)engine.Evaluate("Object.getPrototypeOf(Object.getPrototypeOf([].keys()))");
        foreach (var helper in iterators.GetOwnPropertyKeys(Types.String).ToList())
        {
            // Chains of these recurse inside of the interpreter. What remains is what makes iterators iterable.
            iterators.Delete(helper);
        }

        engine.Global.Delete("Iterator");
        engine.Global.Delete("AsyncIterator");
        foreach (var (owner, key, descriptor) in Functions(engine))
        {
            owner.FastSetProperty(key, descriptor.IsAccessorDescriptor()
                ? new GetSetPropertyDescriptor(Guarded(engine, key, descriptor.Get), Guarded(engine, key, descriptor.Set), descriptor.Enumerable, descriptor.Configurable)
                : new PropertyDescriptor(Guarded(engine, key, descriptor.Value), descriptor.Writable, descriptor.Enumerable, descriptor.Configurable));
        }

        var functions = engine.Global.Get("Function").AsObject().Get("prototype").AsObject();
        var depths = new System.Runtime.CompilerServices.ConditionalWeakTable<ObjectInstance, object>();
        Replace(engine, functions, "bind", 1, (original, self, arguments) => Bind(engine, depths, original, self, arguments));
    }

    /// <summary>The names of the interpreter's own functions.</summary>
    public static IReadOnlyList<string> NamesOfFunctions(Engine engine) =>
        [.. Functions(engine).Where(function => function.Key.IsString()).Select(function => function.Key.AsString()).Distinct(StringComparer.Ordinal)];

    /// <summary>All functions that can be reached from the globals; constructors are looked into and left as they are.</summary>
    private static List<(ObjectInstance Owner, JsValue Key, PropertyDescriptor Descriptor)> Functions(Engine engine)
    {
        var found = new List<(ObjectInstance, JsValue, PropertyDescriptor)>();
        var seen = new HashSet<ObjectInstance>(ReferenceEqualityComparer.Instance);
        var open = new Stack<ObjectInstance>([engine.Global, .. ((JsArray)engine.Evaluate(in Hidden)).Select(value => value.AsObject())]);
        while (open.TryPop(out var owner))
        {
            if (!seen.Add(owner))
            {
                continue;
            }

            foreach (var key in owner.GetOwnPropertyKeys())
            {
                var descriptor = owner.GetOwnProperty(key);
                if (descriptor.IsAccessorDescriptor() || (descriptor.Value is Function function && IsPlainFunction(key, function)))
                {
                    found.Add((owner, key, descriptor));
                }
                else if (descriptor.Value is ObjectInstance inner)
                {
                    open.Push(inner);
                }
            }

            if (owner.Prototype is { } prototype)
            {
                open.Push(prototype);
            }
        }

        return found;
    }

    /// <summary><c>eval</c> itself stays: only it sees the variables around its call.</summary>
    private static bool IsPlainFunction(JsValue key, Function function) =>
        !(key.IsString() && key.AsString() is "prototype" or "constructor" or "eval") && function.GetOwnProperty("prototype").Value is null;

    private static JsValue? Guarded(Engine engine, JsValue key, JsValue? value) => value is not Function original ? value
        : new ClrFunction(engine, key.IsString() ? key.AsString() : "", (self, arguments) =>
        {
            DeepStack.Ensure();
            return original.Call(self, arguments);
        }, (int)TypeConverter.ToNumber(original.Get("length")));

    /// <summary>A bound function calls what it is bound to without a check.</summary>
    private static JsValue Bind(Engine engine, System.Runtime.CompilerServices.ConditionalWeakTable<ObjectInstance, object> depths, Function original, JsValue self, JsValue[] arguments)
    {
        var depth = self is ObjectInstance target && depths.TryGetValue(target, out var known) ? (int)known + 1 : 1;
        if (depth > MaxBindings)
        {
            throw new LimitExceededException(ScriptFailure.Recursion, $"The script binds a function more than {MaxBindings} times.");
        }

        // Constructors of the interpreter itself are not guarded where they stand.
        var isUnguarded = self is Function and not (ScriptFunction or ClrFunction);
        var bound = original.Call(isUnguarded ? Guarded(engine, JsString.Empty, self)! : self, arguments);
        depths.Add(bound.AsObject(), depth);
        return bound;
    }

    private static void Replace(Engine engine, ObjectInstance owner, string name, int length, Func<Function, JsValue, JsValue[], JsValue> call)
    {
        var original = (Function)owner.Get(name);
        var guarded = new ClrFunction(engine, name, (self, arguments) =>
        {
            DeepStack.Ensure();
            return call(original, self, arguments);
        }, length);
        owner.FastSetProperty(name, new PropertyDescriptor(guarded, writable: true, enumerable: false, configurable: true));
    }

    /// <summary>A replacer function is called for every value on the way down, which is where the stack can be checked.</summary>
    private static JsValue Stringify(Engine engine, Function original, JsValue self, JsValue[] arguments)
    {
        var value = arguments.At(0);
        if (value is not ObjectInstance)
        {
            return original.Call(self, arguments);
        }

        var replacer = arguments.At(1);
        var names = replacer is JsArray list ? list.Select(TypeConverter.ToString).ToHashSet(StringComparer.Ordinal) : null;
        var guarded = new ClrFunction(engine, "", (holder, pair) =>
        {
            DeepStack.Ensure();
            if (names is not null)
            {
                var isRoot = ReferenceEquals(pair.At(1), value);
                return isRoot || holder is JsArray || names.Contains(TypeConverter.ToString(pair.At(0))) ? pair.At(1) : JsValue.Undefined;
            }

            return replacer is Function function ? function.Call(holder, pair) : pair.At(1);
        }, 2);
        return original.Call(self, [value, guarded, arguments.At(2)]);
    }
}
