using System.Reflection;
using System.Text.Json;

namespace Idflow.Workers.Binding;

/// <summary>Where the value of a method's parameter comes from.</summary>
internal enum InputSource
{
    /// <summary>One input key.</summary>
    Key,

    /// <summary>The whole input object.</summary>
    Whole,
    Context,
    Cancellation,
}

/// <summary>One parameter of a task method, read once from its signature.</summary>
internal sealed record InputParameter(string Name, InputSource Source, string Key, Type Type, bool Nullable, bool HasDefault, object? Default)
{
    public bool Required => Source == InputSource.Key && !HasDefault && !Nullable;

    public static InputParameter For(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var attribute = parameter.GetCustomAttribute<TaskInputAttribute>();
        var source = type == typeof(TaskContext) ? InputSource.Context
            : type == typeof(CancellationToken) ? InputSource.Cancellation
            : attribute is { Whole: true } ? InputSource.Whole
            : InputSource.Key;
        var key = attribute?.Key ?? JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
        return new InputParameter(parameter.Name!, source, key, type, AllowsNull(parameter), parameter.HasDefaultValue, DefaultOf(parameter));
    }

    private static bool AllowsNull(ParameterInfo parameter) => parameter.ParameterType.IsValueType
        ? System.Nullable.GetUnderlyingType(parameter.ParameterType) is not null
        : new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable;

    /// <summary>An enum's default is stored as its number, that of <c>default(struct)</c> as null.</summary>
    private static object? DefaultOf(ParameterInfo parameter)
    {
        if (!parameter.HasDefaultValue)
        {
            return null;
        }

        var type = System.Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return parameter.DefaultValue switch
        {
            null => parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null,
            var value when type.IsEnum => Enum.ToObject(type, value),
            var value => value,
        };
    }
}
