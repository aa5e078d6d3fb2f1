using System.Globalization;
using Idflow.Conductor;

namespace Idflow.Server.Endpoints;

/// <summary>Checks of parameters that exist only over HTTP, in Conductor's words and with its paths.</summary>
internal static class RequestChecks
{
    public static void Range(string path, int value, int least, int most, string tooLow, string tooHigh)
    {
        if (value < least || value > most)
        {
            throw Failed(path, value < least ? tooLow : tooHigh, value.ToString(CultureInfo.InvariantCulture));
        }
    }

    public static ConductorException Failed(string path, string message, string? invalidValue = null) =>
        ConductorException.BadRequest("Validation failed, check below errors for detail.", [new ValidationError(path, message, invalidValue)]);
}
