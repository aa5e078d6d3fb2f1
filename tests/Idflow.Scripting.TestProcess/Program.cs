using System.Text.Json.Nodes;
using Idflow.Scripting;

// Runs the scripts that come in, one a line, each on a thread of the pool as the engine's are, and answers each with a line: what became of it.
var sandbox = new JavaScriptSandbox(new ScriptOptions { MemoryBytes = 64 << 20 });
while (Console.In.ReadLine() is { } script)
{
    Console.Out.WriteLine(await Task.Run(() =>
    {
        try
        {
            return $"value {sandbox.Evaluate(script, new Dictionary<string, JsonNode?>())?.ToJsonString()}";
        }
        catch (ScriptException error)
        {
            return $"refused {error.Failure}";
        }
    }));
}
