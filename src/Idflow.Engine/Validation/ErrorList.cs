using System.Globalization;
using Idflow.Conductor;

namespace Idflow.Engine.Validation;

/// <summary>The failed checks of one request, thrown together.</summary>
internal sealed class ErrorList
{
    private readonly List<ValidationError> _errors = [];

    public void Add(string path, string message) => _errors.Add(new(path, message));

    public void Add(string path, string message, string? invalidValue) => _errors.Add(new(path, message, invalidValue));

    public void Add(string path, string message, long invalidValue) => _errors.Add(new(path, message, invalidValue.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A text that must not be null or empty; an empty one is shown as the invalid value.</summary>
    public void Required(string path, string? value, string message)
    {
        if (string.IsNullOrEmpty(value))
        {
            Add(path, message, value);
        }
    }

    public void AtLeast(string path, long value, long least, string message)
    {
        if (value < least)
        {
            Add(path, message, value);
        }
    }

    /// <exception cref="ConductorException">400 with all checks that failed.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            throw ConductorException.BadRequest("Validation failed, check below errors for detail.", _errors);
        }
    }
}
