using System.Text.Json.Nodes;
using Idflow.Engine.Expressions;
using Idflow.Engine.Jq;

namespace Idflow.Engine.Tests.Jq;

/// <summary>Programs and what jq itself, or Conductor's JSON_JQ_TRANSFORM, answered.</summary>
public sealed class JqAnswersTests
{
    private static readonly JqInterpreter Interpreter = new();

    [Fact]
    public void Programs_answer_as_jq_does()
    {
        var data = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "jq-answers.json")))!;
        List<string> wrong = [];
        foreach (var entry in data["cases"]!.AsArray())
        {
            var program = (string)entry!["program"]!;
            var expected = entry["outputs"]?.ToJsonString() ?? "fails";
            var actual = Run(program, data["input"], out var outputs);
            if (entry["outputs"] is { } wanted ? !JsonNode.DeepEquals(wanted, outputs) : outputs is not null)
            {
                wrong.Add($"{program}\n    jq:   {expected}\n    here: {actual}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} differ:\n{string.Join('\n', wrong)}");
    }

    private static string Run(string program, JsonNode? input, out JsonArray? outputs)
    {
        try
        {
            outputs = new([.. Interpreter.Evaluate(program, input)]);
            return outputs.ToJsonString();
        }
        catch (JqException exception)
        {
            outputs = null;
            return exception.Message;
        }
    }

    public static TheoryData<string, string, string, string, string?> RecordedTasks()
    {
        var data = new TheoryData<string, string, string, string, string?>();
        foreach (var name in (string[])["jq-control", "jq-failure", "jq-paths", "jq-results", "jq-text"])
        {
            var tasks = Read("scenarios", name)["workflowDefs"]!.AsArray().SelectMany(flow => flow!["tasks"]!.AsArray()).ToList();
            foreach (var result in Read("golden", name)["events"]!.AsArray().Where(step => (string?)step!["step"] == "snapshot").SelectMany(step => step!["tasks"]!.AsArray()))
            {
                if ((string?)result!["taskType"] == "JSON_JQ_TRANSFORM" && result["inputData"] is { } input && input["queryExpression"] is { } query)
                {
                    Assert.Contains(tasks, task => (string?)task!["taskReferenceName"] == (string?)result["referenceTaskName"]);
                    data.Add($"{name}/{result["referenceTaskName"]}", (string)query!, input.ToJsonString(), result["outputData"]!["resultList"]?.ToJsonString() ?? "", (string?)result["reasonForIncompletion"]);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(RecordedTasks))]
    public void A_recorded_task_has_the_recorded_result(string task, string query, string input, string results, string? reason)
    {
        Assert.NotEmpty(task);
        if (results.Length == 0)
        {
            var error = Assert.Throws<JqException>(() => Interpreter.Evaluate(query, JsonNode.Parse(input)));
            Assert.Equal(reason, error.Message);
            return;
        }

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(results), new JsonArray([.. Interpreter.Evaluate(query, JsonNode.Parse(input))])));
    }

    private static JsonNode Read(string kind, string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "conformance", kind, "systemtask", name + ".json")))!;
}
