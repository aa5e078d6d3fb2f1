namespace Idflow.Documents.FrontMatter;

/// <summary>How front matter types a scalar without quotes; a project's other YAML files are read the same way.</summary>
public static class PlainScalar
{
    /// <summary>
    /// Null, true or false, a number, a date, a timestamp, or the text itself: YAML 1.1 as in a <see cref="Model.PropertyMap"/>. False for a
    /// text that has the form of a type but no value of it (<c>2024-13-45</c>); the reason says so.
    /// </summary>
    public static bool TryResolve(string text, out object? value, out string reason)
    {
        (value, reason) = (null, "");
        try
        {
            value = ScalarValue.Of(text);
            return true;
        }
        catch (FormatException error)
        {
            reason = error.Message;
            return false;
        }
    }
}
