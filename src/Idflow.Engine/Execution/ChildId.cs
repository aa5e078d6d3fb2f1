using System.Security.Cryptography;
using System.Text;

namespace Idflow.Engine.Execution;

/// <summary>
/// Ids of sub-workflows: the UUID of version 3 (RFC 9562, without a namespace) of the name <c>subworkflow:PARENT:TASK:ATTEMPT</c>, as
/// Conductor makes them. Clients that know parent and task know the child.
/// </summary>
internal static class ChildId
{
    public static string Of(string parentWorkflowId, string taskId, int attempt)
    {
#pragma warning disable CA5351 // A name, not a secret: version 3 is defined with MD5.
        var bytes = MD5.HashData(Encoding.UTF8.GetBytes($"subworkflow:{parentWorkflowId}:{taskId}:{attempt}"));
#pragma warning restore CA5351
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x30);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
