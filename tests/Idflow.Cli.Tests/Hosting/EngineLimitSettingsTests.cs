using System.Reflection;
using Idflow.Cli.Hosting;
using Idflow.Engine;
using Idflow.Pipeline.Config;

namespace Idflow.Cli.Tests.Hosting;

/// <summary>Every limit of the engine can be set in the configuration, under a key of its own.</summary>
public sealed class EngineLimitSettingsTests
{
    private static readonly PropertyInfo[] Limits = typeof(EngineLimits).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static string[] Changed(EngineLimits limits) =>
        [.. Limits.Where(limit => !Equals(limit.GetValue(limits), limit.GetValue(new EngineLimits()))).Select(limit => limit.Name)];

    [Fact]
    public void Each_key_sets_one_limit_and_each_limit_has_a_key()
    {
        var set = EngineLimitKey.All.Select(key => Changed(EngineLimitSettings.Of(new Dictionary<string, double> { [key.Name] = key.Least + 1 }))).ToList();

        Assert.All(set, changed => Assert.Single(changed));
        Assert.Equal(Limits.Select(limit => limit.Name).Order(), set.SelectMany(changed => changed).Order());
    }

    [Fact]
    public void Values_have_the_unit_of_their_key()
    {
        var limits = EngineLimitSettings.Of(new Dictionary<string, double> { ["task_payload_kb"] = 20, ["upload_hours"] = 1.5, ["script_seconds"] = 0.25, ["script_memory_mb"] = 3, ["queued_tasks"] = 7 });

        Assert.Equal((20 * 1024, 7, 3L << 20), (limits.TaskPayloadBytes, limits.QueuedTasks, limits.ScriptBytes));
        Assert.Equal((TimeSpan.FromMinutes(90), TimeSpan.FromMilliseconds(250)), (limits.UploadLifetime, limits.ScriptTime));
        Assert.Equal(new EngineLimits(), EngineLimitSettings.Of(new Dictionary<string, double>()));
    }

    [Fact]
    public void The_largest_values_fit() =>
        Assert.All(EngineLimitKey.All, key => Assert.Single(Changed(EngineLimitSettings.Of(new Dictionary<string, double> { [key.Name] = key.Most }))));

    [Theory]
    [InlineData(LimitSettings.TaskPayload)]
    [InlineData(LimitSettings.WorkflowPayload)]
    [InlineData(LimitSettings.Variables)]
    public void Reasons_speak_of_keys_that_there_are(string setting) =>
        Assert.Contains(EngineLimitKey.All, key => "engine.limits." + key.Name == setting);
}
