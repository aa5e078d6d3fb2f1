using Idflow.Cli.Tests.TestKit;

namespace Idflow.Cli.Tests.Commands;

public sealed class TasksCommandTests : IDisposable
{
    private const string Shout = """
        public static class Shout
        {
            /// <summary>Says a text loudly.</summary>
            [WorkerTask("shout")]
            public static string Run(string text) => text.ToUpperInvariant();
        }
        """;

    private readonly ProjectFolder _project = new();

    [Fact]
    public async Task A_task_of_the_project_is_listed_and_runs()
    {
        _project.Write("tasks/shout/shout.cs", Shout);

        var list = await _project.JsonAsync("tasks", "list", "--json");
        var run = await _project.RunAsync("tasks", "run", "shout", "--input", """{"text": "hi", "odd": 1}""");

        var shout = list.AsArray().Single(t => t!["name"]!.GetValue<string>() == "shout")!;
        Assert.Equal("tasks/shout/shout.cs", shout["worker"]!.GetValue<string>());
        Assert.Equal("Says a text loudly.", shout["description"]!.GetValue<string>());
        Assert.Equal("{\n  \"result\": \"HI\"\n}", run.Succeeded().Text);
        Assert.Equal("Unused input: odd.\n", run.Error);
    }

    [Fact]
    public async Task A_task_that_ends_the_process_is_a_failure()
    {
        _project.Write("tasks/leave/leave.cs", "public static class Leave\n{\n    [WorkerTask(\"leave\")]\n    public static void Run() => Environment.Exit(0);\n}\n");

        (await _project.RunAsync("tasks", "run", "leave")).Failed(1, "The task 'leave' ended the process.");
    }

    [Fact]
    public async Task A_task_that_does_not_come_back_can_be_interrupted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends a signal");
        _project.Write("tasks/stay/stay.cs", """
            public static class Stay
            {
                [WorkerTask("stay")]
                public static void Run(string file)
                {
                    System.IO.File.WriteAllText(file, "");
                    Thread.Sleep(Timeout.Infinite);
                }
            }
            """);
        var sign = _project.File("sign");
        using var run = IdflowProcess.Start(_project.Path, ["tasks", "run", "stay", "--input", $$"""{"file": "{{sign}}"}"""]);
        while (!File.Exists(sign) && !run.HasExited)
        {
            await Task.Delay(20);
        }

        using var kill = System.Diagnostics.Process.Start("kill", ["-INT", run.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await run.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(130, run.ExitCode);
    }

    [Fact]
    public async Task A_source_that_does_not_compile_says_where_and_the_others_go_on()
    {
        _project.Write("tasks/shout/shout.cs", Shout);
        var bad = _project.Write("tasks/bad/bad.cs", "public static class Bad\n{\n    public static int X() => \"a\";\n}\n");

        var list = await _project.RunAsync("tasks", "list");

        list.Failed(1, $"{bad}:3:30: Cannot implicitly convert type 'string' to 'int' (CS0029)");
        Assert.Contains(list.Lines, line => line.StartsWith("shout", StringComparison.Ordinal));

        var run = await _project.RunAsync("tasks", "run", "bad");
        run.Failed(1, $"The task 'bad' cannot run, since its source cannot be used:\n{bad}:3:30: Cannot implicitly");
        _project.Write("tasks/bad/bad.cs", "public static class Bad\n{\n    [WorkerTask(\"other_name\")]\n    public static int X() => \"a\";\n}\n");
        (await _project.RunAsync("tasks", "run", "other_name")).Failed(1, $"{bad}:4:30: Cannot implicitly");
        (await _project.RunAsync("tasks", "run", "nothing_like_it")).Failed(3, "There is no task 'nothing_like_it'.");
    }

    [Fact]
    public async Task What_goes_wrong_in_a_run_has_its_exit_code_and_its_reason()
    {
        _project.Write("tasks/shout/shout.cs", Shout);

        (await _project.RunAsync("tasks", "run", "shout", "--input", """{"text": 3}""")).Failed(1, "Input 'text': expected a text, got the number 3.");
        (await _project.RunAsync("tasks", "run", "shot")).Failed(3, "Did you mean 'shout'?");
        (await _project.RunAsync("tasks", "run", "shout", "--input", "{\"text\"")).Failed(2, "--input:1:8: not valid JSON.");
        (await _project.RunAsync("tasks", "run", "shout", "--input", "[]")).Failed(2, "not an object");
    }

    public void Dispose() => _project.Dispose();
}
