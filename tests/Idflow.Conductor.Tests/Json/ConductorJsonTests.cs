using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;

namespace Idflow.Conductor.Tests.Json;

public sealed class ConductorJsonTests
{
    [Fact]
    public void Absent_members_keep_their_defaults()
    {
        var definition = ConductorJson.Deserialize<WorkflowDef>("""{"name":"w","tasks":[{"name":"a"}]}""")!;

        Assert.Equal(1, definition.Version);
        Assert.Equal(2, definition.SchemaVersion);
        Assert.True(definition.Restartable);
        Assert.Equal(TaskTypes.Simple, definition.Tasks[0].Type);
        Assert.Empty(definition.Tasks[0].InputParameters);
    }

    [Fact]
    public void Null_counts_as_absent_where_a_member_cannot_be_null()
    {
        var definition = ConductorJson.Deserialize<WorkflowDef>(
            """{"name":null,"version":null,"tasks":null,"timeoutPolicy":null,"restartable":null,"inputTemplate":null,"timeoutSeconds":null}""")!;

        Assert.Null(definition.Name);
        Assert.Equal(new WorkflowDef().Version, definition.Version);
        Assert.Empty(definition.Tasks);
        Assert.Equal(WorkflowTimeoutPolicy.ALERT_ONLY, definition.TimeoutPolicy);
        Assert.True(definition.Restartable);
        Assert.NotNull(definition.InputTemplate);
    }

    [Fact]
    public void Input_of_a_start_can_be_null() =>
        Assert.Null(ConductorJson.Deserialize<StartWorkflowRequest>("""{"name":"w","input":null}""")!.Input);

    [Theory]
    [InlineData("\"3\"", 3)]
    [InlineData("3.9", 3)]
    [InlineData("\"\"", 0)]
    [InlineData("-4", -4)]
    public void Numbers_may_be_text_and_lose_their_fraction(string json, int expected) =>
        Assert.Equal(expected, ConductorJson.Deserialize<TaskDef>($$"""{"retryCount":{{json}}}""")!.RetryCount);

    [Theory]
    [InlineData("12", "12")]
    [InlineData("1.50", "1.50")]
    [InlineData("true", "true")]
    public void Text_may_be_a_number_or_a_flag(string json, string expected) =>
        Assert.Equal(expected, ConductorJson.Deserialize<TaskDef>($$"""{"name":{{json}}}""")!.Name);

    [Theory]
    [InlineData("\"True\"", true)]
    [InlineData("\"false\"", false)]
    public void Flags_may_be_text(string json, bool expected) =>
        Assert.Equal(expected, ConductorJson.Deserialize<WorkflowTask>($$"""{"optional":{{json}}}""")!.Optional);

    [Theory]
    [InlineData("""{"retryCount":"many"}""", "$.retryCount")]
    [InlineData("""{"retryCount":99999999999}""", "$.retryCount")]
    [InlineData("""{"retryCount":[]}""", "$.retryCount")]
    [InlineData("""{"retryLogic":"SOMETIMES"}""", "$.retryLogic")]
    [InlineData("""{"retryLogic":7}""", "$.retryLogic")]
    [InlineData("""{"inputTemplate":[]}""", "$.inputTemplate")]
    [InlineData("""{"name":{}}""", "$.name")]
    public void Wrong_type_is_refused_with_its_path(string json, string path) =>
        Assert.Equal(path, Assert.Throws<JsonException>(() => ConductorJson.Deserialize<TaskDef>(json)).Path);

    [Theory]
    [InlineData("""{"name":"a","name":"b"}""")]
    [InlineData("""{"inputTemplate":{"a":1,"a":2}}""")]
    public void Name_that_stands_twice_is_refused(string json) => Assert.Throws<JsonException>(() => ConductorJson.Deserialize<TaskDef>(json));

    [Fact]
    public void Text_after_the_value_is_refused() => Assert.ThrowsAny<JsonException>(() => ConductorJson.Deserialize<TaskDef>("{} x"));

    [Fact]
    public void Nulls_inside_maps_are_kept_and_null_members_left_out() =>
        Assert.Equal(
            """{"taskId":"t","status":"IN_PROGRESS","outputData":{"a":null,"ü":"<b>"},"callbackAfterSeconds":0,"logs":[],"extendLease":false}""",
            ConductorJson.Serialize(new TaskResult { TaskId = "t", OutputData = new JsonObject { ["a"] = null, ["ü"] = "<b>" } }));

    [Fact]
    public void What_was_written_is_read_back_the_same() =>
        Gen.Select(Gen.String, Gen.Int, Gen.Long, Gen.Bool, Gen.Enum<RetryLogic>(), Gen.String.Array[0, 4])
            .Select((name, retries, timeout, enforce, logic, keys) =>
                new TaskDef { Name = name, RetryCount = retries, TimeoutSeconds = timeout, EnforceSchema = enforce, RetryLogic = logic, InputKeys = keys })
            .Sample(definition =>
            {
                var json = ConductorJson.Serialize(definition);
                return ConductorJson.Serialize(ConductorJson.Deserialize<TaskDef>(json)!) == json;
            });
}
