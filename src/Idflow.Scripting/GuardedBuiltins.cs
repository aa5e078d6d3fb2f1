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
    /// <summary>Deepest nesting that <c>flat</c> resolves.</summary>
    private const int MaxFlatDepth = 256;

    public static void Install(Engine engine)
    {
        engine.Global.Delete("Atomics");
        engine.Global.Delete("SharedArrayBuffer");
        var json = engine.Global.Get("JSON").AsObject();
        Replace(engine, json, "stringify", 3, (original, self, arguments) => Stringify(engine, original, self, arguments));
        var arrays = engine.Global.Get("Array").AsObject().Get("prototype").AsObject();
        Replace(engine, arrays, "join", 1, (original, self, arguments) => original.Call(self, arguments));
        Replace(engine, arrays, "toLocaleString", 0, (original, self, arguments) => original.Call(self, arguments));
        Replace(engine, arrays, "flat", 0, (original, self, arguments) =>
            original.Call(self, arguments.Length == 0 || arguments[0].IsUndefined() ? [] : [Math.Min(TypeConverter.ToNumber(arguments[0]), MaxFlatDepth)]));
    }

    private static void Replace(Engine engine, ObjectInstance owner, string name, int length, Func<Function, JsValue, JsValue[], JsValue> call)
    {
        var original = (Function)owner.Get(name);
        var guarded = new ClrFunction(engine, name, (self, arguments) =>
        {
            SandboxConstraint.EnsureStack();
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
            SandboxConstraint.EnsureStack();
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
