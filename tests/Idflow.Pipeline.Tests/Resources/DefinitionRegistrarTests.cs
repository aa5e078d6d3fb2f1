using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Pipeline.Resources;
using Idflow.Pipeline.Tests.Evaluation;

namespace Idflow.Pipeline.Tests.Resources;

public sealed class DefinitionRegistrarTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly IConductor _conductor;
    private readonly FakeConductor _fake;

    public DefinitionRegistrarTests() => (_conductor, _fake) = FakeConductor.New();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_is_uploaded_once_and_left_alone_while_it_is_equal()
    {
        var first = await Registrar().RegisterAsync();
        Assert.Empty(first.Refused);
        Assert.Contains("stage_workflow 1", first.Uploaded);
        Assert.Contains("idflow_stage_completed", first.Uploaded);
        Assert.Contains("a_task", first.Uploaded);
        _fake.Writes.Clear();

        var second = await Registrar().RegisterAsync();
        Assert.Empty(second.Uploaded);
        Assert.Equal(first.Uploaded.Order(StringComparer.Ordinal), second.Unchanged.Order(StringComparer.Ordinal));
        Assert.Empty(_fake.Writes);
    }

    [Fact]
    public async Task Only_what_changed_is_written_over()
    {
        await Registrar().RegisterAsync();
        _fake.Writes.Clear();
        Workflow("mine", "NOOP", "other");
        var report = await Registrar(retries: 5).RegisterAsync();
        Assert.Equal(["a_task", "mine 1"], report.Uploaded);
        Assert.Equal(["a_task", "mine 1"], _fake.Writes);
    }

    [Fact]
    public async Task A_refused_definition_is_reported_with_the_servers_reasons_and_stops_no_other()
    {
        Workflow("refused", "NOOP", "x");
        var report = await Registrar().RegisterAsync();
        Assert.Equal(["refused 1: Validation failed tasks are wrong"], report.Refused);
        Assert.Contains("stage_workflow 1", report.Uploaded);
    }

    [Fact]
    public async Task Ensure_registers_once_and_again_after_a_failure()
    {
        var registrar = Registrar();
        _fake.IsAway = true;
        await Assert.ThrowsAsync<ConductorUnavailableException>(() => registrar.EnsureAsync());
        _fake.IsAway = false;
        await registrar.EnsureAsync();
        var writes = _fake.Writes.Count;
        await registrar.EnsureAsync();
        Assert.Equal(writes, _fake.Writes.Count);
    }

    private void Workflow(string name, string type, string reference) =>
        _folder.Write($"workflows/w/{name}.json", $$"""{"name": "{{name}}", "tasks": [{"name": "n", "taskReferenceName": "{{reference}}", "type": "{{type}}"}]}""");

    private DefinitionRegistrar Registrar(int retries = 3)
    {
        if (!Directory.Exists(Path.Combine(_folder.Path, "workflows")))
        {
            Workflow("mine", "NOOP", "n");
        }

        var overlay = new ResourceOverlay([new CoreLayer(), new DirectoryLayer("project", _folder.Path, _folder.Path)]);
        return new(_conductor, () => WorkflowCatalog.Load(overlay), () => [new TaskDef { Name = "a_task", RetryCount = retries }]);
    }
}
