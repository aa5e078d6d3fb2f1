using System.Reflection;
using Idflow.Conductor;
using Idflow.Engine;

namespace Idflow.Server.Tests.Support;

/// <summary>What the server uses of the engine.</summary>
public interface IServed : IConductor, ITaskHandback;

/// <summary>An <see cref="IConductor"/> of which a test fills in the calls it expects; any other call fails.</summary>
public class FakeConductor : DispatchProxy
{
    private readonly Dictionary<string, Func<object?[], object?>> _calls = [];

    public static IConductor With(params (string Method, Func<object?[], object?> Answer)[] calls)
    {
        var proxy = Create<IServed, FakeConductor>();
        foreach (var (method, answer) in calls)
        {
            ((FakeConductor)(object)proxy)._calls[method] = answer;
        }

        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _calls.TryGetValue(targetMethod!.Name, out var answer)
            ? answer(args!)
            : throw new InvalidOperationException($"unexpected call of {targetMethod.Name}");
}
