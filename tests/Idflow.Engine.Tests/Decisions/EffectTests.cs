using System.Text.Json.Nodes;
using Idflow.Engine.Decisions;
using Idflow.Engine.State;

namespace Idflow.Engine.Tests.Decisions;

/// <summary>Effects lie on disk while a process is down: an engine must read what an older one wrote.</summary>
public sealed class EffectTests
{
    [Theory]
    [InlineData("childEnded", """{"parentWorkflowId":"p","parentTaskId":"t"}""", typeof(Effect.ChildEnded))]
    [InlineData("reviveParent", """{"parentStatus":"FAILED","parentRetriedTime":5}""", typeof(Effect.ReviveParent))]
    [InlineData("reviveParent", "{}", typeof(Effect.ReviveParent))]
    [InlineData("reviveParent", """{"parentWorkflowId":"p","parentTaskId":"t"}""", typeof(Effect.ReviveParent), "{}")]
    [InlineData("terminateChild", """{"workflowId":"c","reason":"r"}""", typeof(Effect.TerminateChild))]
    [InlineData("failureWorkflow", """{"workflowId":"f","name":"n","version":2}""", typeof(Effect.StartFailureWorkflow))]
    [InlineData("publish", """{"event":"e","messageId":"m","payload":{"a":1}}""", typeof(Effect.Publish))]
    [InlineData("goOn", "{}", typeof(Effect.GoOn))]
    public void A_stored_effect_is_read_and_written_in_the_same_words(string kind, string data, Type type, string? written = null)
    {
        var effect = Effect.Of(new OutboxRow(7, kind, "w", (JsonObject)JsonNode.Parse(data)!));
        Assert.IsType(type, effect);

        var row = effect.ToRow("w");
        Assert.Equal((0L, kind, "w", written ?? data), (row.Id, row.Kind, row.WorkflowId, row.Data.ToJsonString()));
    }

    [Fact]
    public void An_effect_of_a_newer_engine_is_named() =>
        Assert.Contains("newKind", Assert.Throws<InvalidOperationException>(() => Effect.Of(new OutboxRow(1, "newKind", "w", []))).Message, StringComparison.Ordinal);
}
