using System.Text.Json.Nodes;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;

namespace Idflow.Scripting;

/// <summary>
/// An <see cref="IScriptMap"/> in a script. What has been read is an own property like any other, and is not asked for again: the script may
/// change it. Whatever needs all keys (listing, deleting) first reads all.
/// </summary>
internal sealed class ScriptMapObject : ObjectInstance
{
    private readonly IScriptMap _map;
    private readonly SandboxConstraint _constraint;
    private bool _isWhole;

    public ScriptMapObject(Engine engine, IScriptMap map, SandboxConstraint constraint)
        : base(engine)
    {
        (_map, _constraint) = (map, constraint);
        Prototype = engine.Intrinsics.Object.PrototypeObject;
    }

    public override PropertyDescriptor GetOwnProperty(JsValue property)
    {
        var known = base.GetOwnProperty(property);
        if (known != PropertyDescriptor.Undefined || _isWhole || property.IsSymbol() || Read(TypeConverter.ToString(property)) is not { } value)
        {
            return known;
        }

        var read = new PropertyDescriptor(value, writable: true, enumerable: true, configurable: true);
        SetOwnProperty(property, read);
        return read;
    }

    public override List<JsValue> GetOwnPropertyKeys(Types types = Types.Empty | Types.String | Types.Symbol)
    {
        ReadAll();
        return base.GetOwnPropertyKeys(types);
    }

    public override bool Delete(JsValue property)
    {
        ReadAll();
        return base.Delete(property);
    }

    private void ReadAll()
    {
        if (_isWhole)
        {
            return;
        }

        foreach (var key in _constraint.Aside(() => _map.Keys.ToList()))
        {
            // Put in again, so that the order is that of the map whatever was read first.
            var property = GetOwnProperty(key);
            RemoveOwnProperty(key);
            SetOwnProperty(key, property);
        }

        _isWhole = true;
    }

    private JsValue? Read(string key) => _constraint.Aside(() =>
        _map.Inner(key) is { } inner ? new ScriptMapObject(Engine, inner, _constraint)
        : _map.TryGetValue(key, out JsonNode? value) ? ScriptValues.FromJson(Engine, value)
        : null);
}
