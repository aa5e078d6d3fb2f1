using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Workers.Discovery;

namespace Idflow.Workers.Binding;

/// <summary>
/// Makes a method's arguments from a task's input. A null counts as absent. All keys that do not fit are reported together;
/// keys that the method does not know are no error, since workflows pass more than a task needs.
/// </summary>
internal sealed class InputBinder
{
    /// <summary>Keys that Conductor itself or its clients put into an input.</summary>
    private static readonly HashSet<string> Ambient = ["asyncComplete", "evaluatorType", "expression"];

    private InputBinder(IReadOnlyList<InputParameter> parameters) => Parameters = parameters;

    public IReadOnlyList<InputParameter> Parameters { get; }

    /// <exception cref="WorkerDefinitionException">Two parameters want the same key, or one wants the whole input beside others.</exception>
    public static InputBinder For(MethodInfo method)
    {
        var parameters = method.GetParameters().Select(InputParameter.For).ToList();
        var inputs = parameters.Where(p => p.Source is InputSource.Key or InputSource.Whole).ToList();
        if (inputs.Find(p => p.Source == InputSource.Whole) is { } whole && inputs.Count > 1)
        {
            throw TaskMethods.Error(method, "a parameter that takes the whole input must be the only input.", whole.Name);
        }

        foreach (var group in inputs.GroupBy(p => p.Key).Where(g => g.Count() > 1))
        {
            throw TaskMethods.Error(method, $"the input key '{group.Key}' is taken by another parameter already.", group.Last().Name);
        }

        return new InputBinder(parameters);
    }

    /// <exception cref="InputBindingException">Required keys are missing or values have the wrong type.</exception>
    public object?[] Bind(JsonObject input, TaskContext context)
    {
        var problems = new List<string>();
        var arguments = new object?[Parameters.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Value(Parameters[i], input, context, problems);
        }

        return problems.Count == 0 ? arguments : throw new InputBindingException(problems);
    }

    /// <summary>The input keys that no parameter takes.</summary>
    public IReadOnlyList<string> UnknownKeys(JsonObject input)
    {
        if (Parameters.FirstOrDefault(p => p.Source == InputSource.Whole) is { } whole)
        {
            return whole.Type == typeof(JsonObject) || whole.Type == typeof(JsonNode) ? [] : Unknown(input, TypeNames.MembersOf(whole.Type));
        }

        return Unknown(input, Parameters.Where(p => p.Source == InputSource.Key).Select(p => p.Key));
    }

    private static IReadOnlyList<string> Unknown(JsonObject input, IEnumerable<string> known) =>
        [.. input.Select(p => p.Key).Except(known).Except(Ambient)];

    private static object? Value(InputParameter parameter, JsonObject input, TaskContext context, List<string> problems)
    {
        switch (parameter.Source)
        {
            case InputSource.Context:
                return context;
            case InputSource.Cancellation:
                return context.CancellationToken;
            case InputSource.Whole:
                return Convert(input, parameter, problems);
            default:
                var node = input[parameter.Key];
                if (node is not null)
                {
                    return Convert(node, parameter, problems);
                }

                if (parameter.Required)
                {
                    var state = input.ContainsKey(parameter.Key) ? "is null" : "is missing";
                    problems.Add($"Input '{parameter.Key}' {state}; expected {TypeNames.Of(parameter.Type)}.");
                }

                return parameter.HasDefault ? parameter.Default : null;
        }
    }

    private static object? Convert(JsonNode node, InputParameter parameter, List<string> problems)
    {
        try
        {
            return node.Deserialize(parameter.Type, TaskJson.Options);
        }
        catch (JsonException e)
        {
            problems.Add(Mismatch.Describe(node, parameter, e));
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            // A converter or a constructor of the author's own type refused the value.
            problems.Add($"Input '{parameter.Key}' cannot be read as {TypeNames.Of(parameter.Type)}: {e.Message}");
        }

        return null;
    }
}
