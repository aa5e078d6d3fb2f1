using Idflow.Pipeline.Config;
using Idflow.Pipeline.Sources;

namespace Idflow.Pipeline.Tests.Config;

public sealed class ProjectConfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_file_all_values_are_defaults()
    {
        var config = Load(null);
        Assert.Null(config.File);
        Assert.Equal(Path.Combine(_folder.Path, "data"), config.BaseDirectory);
        Assert.Equal(Path.Combine(_folder.Path, "config"), config.ConfigDirectory);
        Assert.Null(config.ConductorServerUrl);
        Assert.Equal("CONDUCTOR_API_KEY", config.ConductorApiKeyVariable);
        Assert.Equal(TimeSpan.FromMilliseconds(100), config.PollInterval);
        Assert.False(config.Offline);
    }

    [Fact]
    public void The_original_projects_file_is_read()
    {
        var config = Load("base_dir: \"store\"\nconfig_dir: \"config\"\ndocument_implementation: \"fs_markdown\"\nconductor:\n  server_url: http://localhost:8080/\n  api_key_env_var: MY_KEY\n");
        Assert.Equal(Path.Combine(_folder.Path, "store"), config.BaseDirectory);
        Assert.Equal("http://localhost:8080", config.ConductorServerUrl);
        Assert.Equal("MY_KEY", config.ConductorApiKeyVariable);
    }

    [Fact]
    public void Settings_of_the_engine_are_read_and_checked()
    {
        var config = Load("engine:\n  retention: {days: 30, archive: true, event_days: 7, schedule_runs: 5}\n  secrets: {token: MY_TOKEN}\n  environment: {region: eu}\nserver: {max_body_mb: 100, max_polls: 10}\n");
        Assert.Equal((30.0, 7.0, 5), (config.Engine.RetentionDays, config.Engine.EventDays, config.Engine.ScheduleRuns));
        Assert.Equal(Path.Combine(_folder.Path, ".idflow", "archive"), config.Engine.ArchiveDirectory);
        Assert.Equal(("MY_TOKEN", "eu"), (config.Engine.Secrets["token"], config.Engine.Environment["region"]));
        Assert.Equal((100, 10, null), (config.Server.MaxBodyMegabytes, config.Server.MaxPolls, config.Server.MaxConnections));
        Assert.Null(Load("offline: true\n").Engine.RetentionDays);
        Assert.Equal(Path.Combine(_folder.Path, "old"), Load("engine: {retention: {days: 1, archive: old}}\n").Engine.ArchiveDirectory);

        var errors = Assert.Throws<DefinitionException>(() => Load("engine:\n  retention:\n    archive: true\n    dayz: 3\n    schedule_runs: 0\n  secrets: {a: [1]}\nserver:\n  max_polls: many\n")).Errors;
        Assert.Equal(
            ["config/idflow.yml:3:14", "config/idflow.yml:4:5", "config/idflow.yml:5:20", "config/idflow.yml:6:16", "config/idflow.yml:8:14"],
            errors.Select(error => $"{error.Path}:{error.Line}:{error.Column}").Order(StringComparer.Ordinal));
        Assert.Contains(errors, error => error.Message == "Unknown key 'engine.retention.dayz' in how long the engine keeps what is over. Did you mean 'days'?");
        Assert.Contains(errors, error => error.Message.Contains("'engine.retention.archive' needs 'days'", StringComparison.Ordinal));
    }

    [Fact]
    public void Limits_of_the_engine_and_the_server_are_read_and_checked()
    {
        var config = Load("engine:\n  limits: {task_payload_kb: 20480, upload_hours: 0.5}\n  retention: {sweep_minutes: 5, batch: 10}\nserver: {max_request_depth: 64, drain_timeout: 2.5, max_large_bodies: 2}\n");
        Assert.Equal(new Dictionary<string, double> { ["task_payload_kb"] = 20480, ["upload_hours"] = 0.5 }, config.Engine.Limits);
        Assert.Equal((5.0, 10), (config.Engine.SweepMinutes, config.Engine.SweepBatch));
        Assert.Equal((64, 2.5, 2), (config.Server.MaxRequestDepth, config.Server.DrainTimeoutSeconds, config.Server.MaxLargeBodies));
        Assert.Empty(Load("engine: {retention: {days: 3}}\n").Engine.Limits);

        var errors = Assert.Throws<DefinitionException>(() => Load("engine:\n  limits:\n    task_payload: 3\n    queued_tasks: 1.5\n    fork_branches: 0\n    long_poll_seconds: soon\n    uploads: [1]\n    message_kb: 99999999\n")).Errors;
        Assert.Equal(
            [
                "3:5 Unknown key 'engine.limits.task_payload' in the engine's limits. Did you mean 'task_payload_kb'?",
                "4:19 'engine.limits.queued_tasks' must be a whole number from 1 to 2147483647.",
                "5:20 'engine.limits.fork_branches' must be a whole number from 1 to 2147483647.",
                "6:24 'engine.limits.long_poll_seconds' must be a number from 0.001 to 600.",
                "7:14 'engine.limits.uploads' must be a whole number from 1 to 2147483647.",
                "8:17 'engine.limits.message_kb' must be a whole number from 1 to 2097151.",
            ],
            errors.OrderBy(error => error.Line).Select(error => $"{error.Line}:{error.Column} {error.Message}"));
        Assert.All(errors, error => Assert.Equal("config/idflow.yml", error.Path));
    }

    [Fact]
    public void Settings_of_workers_are_read_and_checked()
    {
        var workers = Load("workers:\n  memory_limit_mb: 512\n  drain_timeout: 2.5\n  tasks:\n    count: {concurrency: 3, poll_interval: 0.5, domain: mail, paused: true}\n    other: {}\n").Workers;
        Assert.Equal((512, TimeSpan.FromSeconds(2.5)), (workers.MemoryLimitMb, workers.DrainTimeout));
        Assert.Equal(new WorkerTaskConfig { Concurrency = 3, PollInterval = TimeSpan.FromSeconds(0.5), Domain = "mail", Paused = true }, workers.Tasks["count"]);
        Assert.Equal(new WorkerTaskConfig(), workers.Tasks["other"]);
        Assert.Equal(2048, Load("offline: true\n").Workers.MemoryLimitMb);

        var errors = Assert.Throws<DefinitionException>(() => Load("workers:\n  memory_limit_mb: 1\n  tasks:\n    count: {concurency: 3, poll_interval: 4000}\n  pause: true\n")).Errors;
        Assert.Equal(
            ["config/idflow.yml:2:20", "config/idflow.yml:4:13", "config/idflow.yml:4:43", "config/idflow.yml:5:3"],
            errors.Select(error => $"{error.Path}:{error.Line}:{error.Column}").Order(StringComparer.Ordinal));
        Assert.Contains(errors, error => error.Message == "Unknown key 'workers.tasks.count.concurency' in the settings of a task. Did you mean 'concurrency'?");
    }

    [Fact]
    public void Overrides_win_over_the_file()
    {
        var config = Load("base_dir: a\n", new ConfigOverrides { BaseDirectory = "b" });
        Assert.Equal(Path.Combine(_folder.Path, "b"), config.BaseDirectory);
    }

    [Fact]
    public void Another_configuration_file_can_be_named_and_must_exist()
    {
        _folder.Write("other.yml", "offline: true\n");
        Assert.True(Load(null, new ConfigOverrides { ConfigFile = "other.yml" }).Offline);
        var error = Assert.Throws<PipelineException>(() => Load(null, new ConfigOverrides { ConfigFile = "missing.yml" }));
        Assert.Contains("missing.yml", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_overrides_from_the_environment_count_as_not_set() =>
        Assert.Equal(new ConfigOverrides { BaseDirectory = "x" }, ConfigOverrides.From(name => name == "IDFLOW_BASE_DIR" ? "x" : ""));

    [Fact]
    public void Documents_are_watched_unless_the_project_says_no()
    {
        Assert.True(Load("offline: true\n").WatchDocuments);
        Assert.False(Load("watch_documents: false\n").WatchDocuments);
    }

    [Fact]
    public void The_misplaced_address_of_the_originals_template_is_read_with_a_warning()
    {
        var config = Load("conductor_server_url: http://localhost:8080\n");
        Assert.Equal("http://localhost:8080", config.ConductorServerUrl);
        Assert.True(Assert.Single(config.Warnings).IsWarning);
    }

    [Fact]
    public void All_errors_are_reported_together_with_their_places_and_the_nearest_key()
    {
        var error = Assert.Throws<DefinitionException>(() => Load("base_dri: x\nconductor:\n  server_url: localhost\npoll_interval: -1\noffline: maybe\ndocument_implementation: database\n"));
        Assert.Equal(
            [
                "config/idflow.yml:1:1: Unknown key 'base_dri' in the configuration. Did you mean 'base_dir'?",
                "config/idflow.yml:3:15: 'conductor.server_url' is 'localhost'; it must be an http or https address such as http://localhost:8080.",
                "config/idflow.yml:6:26: 'document_implementation' is 'database'. Known: fs_markdown.",
                "config/idflow.yml:5:10: 'offline' must be true or false.",
                "config/idflow.yml:4:16: 'poll_interval' must be a number above 0.",
            ],
            error.Errors.Select(item => item.ToString()));
    }

    [Fact]
    public void Broken_yaml_is_an_error_with_its_place()
    {
        var error = Assert.Throws<DefinitionException>(() => Load("base_dir: [a\nx: 1\n"));
        Assert.Equal(2, Assert.Single(error.Errors).Line);
    }

    [Fact]
    public void Provider_blocks_and_raw_sections_are_at_hand()
    {
        var config = Load("llm:\n  provider: local\n  providers:\n    local:\n      kind: openai\n      base_url: http://127.0.0.1:9/v1\n      model: tiny\n      requests_per_minute: 5\nresearch:\n  docs: notes\n");
        var local = config.Llm.Providers["local"];
        Assert.Equal(("local", "openai", "http://127.0.0.1:9/v1", "tiny"), (config.Llm.Provider, local.Kind, local.BaseUrl, local.Model));
        Assert.Equal(5L, local.Settings["requests_per_minute"]!.ToValue());
        Assert.Equal("notes", config.Section("research")!["docs"]!.Text);
        Assert.Null(config.Section("search"));
    }

    [Fact]
    public void The_chosen_provider_must_exist()
    {
        var error = Assert.Throws<DefinitionException>(() => Load("llm:\n  provider: loacl\n  providers:\n    local: {model: x}\n"));
        Assert.Contains("Did you mean 'local'?", Assert.Single(error.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_nearest_parent_that_is_a_project_is_found()
    {
        _folder.Folder("p/data/inbox");
        var deep = _folder.Folder("p/data/inbox/x");
        Assert.Equal(Path.Combine(_folder.Path, "p"), ProjectLocator.Find(null, deep));
        Assert.Equal(Path.Combine(_folder.Path, "p"), ProjectLocator.Find("p", _folder.Path));
    }

    [Fact]
    public void A_data_folder_of_something_else_is_no_project()
    {
        var other = _folder.Folder("q/data/csv");
        Assert.False(ProjectLocator.IsProject(Path.Combine(_folder.Path, "q")));
        Assert.Contains("idflow init", Assert.Throws<ProjectNotFoundException>(() => ProjectLocator.Find("q", _folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<ProjectNotFoundException>(() => ProjectLocator.Find("zz", other)).Message, StringComparison.Ordinal);
    }

    private ProjectConfig Load(string? text, ConfigOverrides? overrides = null)
    {
        if (text is not null)
        {
            _folder.Write(ProjectLocator.ConfigFile, text);
        }

        return ProjectConfigLoader.Load(_folder.Path, overrides ?? new ConfigOverrides());
    }
}
