using System.Text.Json.Nodes;
using Idflow.Engine.Expressions;

namespace Idflow.Engine.Jq;

/// <summary>
/// The jq language, as jq 1.7 has it, over JSON nodes; tested against jq's own answers. Programs are parsed once and kept. They reach
/// nothing outside: no files, modules, environment or further inputs; and every evaluation ends, by its limits at the latest.
/// </summary>
/// <param name="timeout">Longest run of a program; default 4 s.</param>
/// <param name="mostAllocated">Bytes that it may allocate in all; default 2 GiB.</param>
internal sealed class JqInterpreter(TimeProvider? time = null, TimeSpan? timeout = null, long mostAllocated = JqLimits.DefaultAllocated) : IJqEvaluator
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly BoundedCache<JqNode> _programs = new(JqParser.Parse);

    public IReadOnlyList<JsonNode?> Evaluate(string program, JsonNode? input)
    {
        var node = _programs.Get(program);
        try
        {
            var machine = new JqMachine(new JqLimits(_time, timeout ?? JqLimits.DefaultTimeout, mostAllocated));
            return [.. machine.Collect(node, new(JqJson.FromJson(input), null), JqEnv.Empty).Select(JqJson.ToJson)];
        }
        catch (JqError error)
        {
            throw new JqException(error.Message, error);
        }
        catch (JqLimitException limit)
        {
            throw new JqException(limit.Message, limit);
        }
        catch (InsufficientExecutionStackException deep)
        {
            throw new JqException("The jq program calls itself too deeply, or its data is nested too deeply.", deep);
        }
    }
}
