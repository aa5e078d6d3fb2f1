using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Workers.Children;
using Idflow.Workers.Sources;
using Idflow.Workers.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Idflow.Workers.Tests.Children;

/// <summary>The inside of a child worker, run in this process over pipes.</summary>
public sealed class ChildWorkerTests : IDisposable
{
    private readonly TaskFolder _folder = new();
    private readonly FakeTaskServer _server = new();
    private readonly Pipe _input = new();
    private readonly LockedWriter _output = new();

    [Fact]
    public async Task It_serves_the_tasks_of_its_libraries_until_it_is_told_to_stop()
    {
        var built = await BuildAsync("""public static class T { [WorkerTask("twice")] public static int Run(int n) => n * 2; }""");
        var run = Run();
        await SendAsync(Spec(built.AssemblyPath).ToLine());
        var id = _server.Enqueue("twice", new JsonObject { ["n"] = 21 });

        await _server.UntilDoneAsync(id);
        await SendAsync("stop");

        Assert.Equal(0, await run);
        Assert.Equal(42, _server.Get(id).OutputData["result"]!.GetValue<int>());
        Assert.Equal("idflow:i:1:t", _server.Get(id).WorkerId);
        Assert.Contains("""{"event":"Ready"}""", _output.Lines);
        Assert.Contains(_output.Lines, l => l.Contains("\"Started\"", StringComparison.Ordinal) && l.Contains(id, StringComparison.Ordinal));
        Assert.Contains(_output.Lines, l => l.Contains("\"Ended\"", StringComparison.Ordinal) && l.Contains("COMPLETED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_its_parent_is_gone_it_gives_its_tasks_back()
    {
        var built = await BuildAsync("""public static class T { [WorkerTask("endless")] public static Task Run(CancellationToken token) => Task.Delay(-1, token); }""");
        var run = Run();
        await SendAsync(Spec(built.AssemblyPath).ToLine());
        var id = _server.Enqueue("endless");
        await _server.UntilAsync(() => _server.Get(id).Status == TaskExecutionStatus.IN_PROGRESS, "the start");

        await _input.Writer.CompleteAsync();

        Assert.Equal(0, await run);
        Assert.Equal(TaskExecutionStatus.SCHEDULED, _server.Get(id).Status);
    }

    [Fact]
    public async Task A_library_that_is_not_there_is_refused_with_the_reason()
    {
        var run = Run();
        await SendAsync(Spec(Path.Combine(_folder.Cache, "missing.dll")).ToLine());

        Assert.Equal(2, await run);
        Assert.Contains(_output.Lines, l => l.Contains("\"Refused\"", StringComparison.Ordinal) && l.Contains("missing.dll", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private Task<BuiltTaskSource> BuildAsync(string text) => new TaskSourceBuilder(_folder.Cache).BuildAsync(_folder.Write("t", text), TestContext.Current.CancellationToken);

    private static ChildWorkerSpec Spec(string assembly) => new() { ServerUrl = "fake", WorkerId = "idflow:i:1:t", Assemblies = [assembly] };

    private Task<int> Run() => Task.Run(new ChildWorker(new StreamReader(_input.Reader.AsStream()), _output, _ => _server, NullLogger.Instance).RunAsync);

    private async Task SendAsync(string line) => await _input.Writer.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n"), TestContext.Current.CancellationToken);

    private sealed class LockedWriter : StringWriter
    {
        private readonly Lock _lock = new();
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lock)
                {
                    return [.. _lines];
                }
            }
        }

        public override void WriteLine(string? value)
        {
            lock (_lock)
            {
                _lines.Add(value!);
            }
        }
    }
}
