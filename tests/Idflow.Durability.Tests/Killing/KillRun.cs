using System.Diagnostics;
using System.Globalization;

namespace Idflow.Durability.Tests.Killing;

/// <summary>One project and the lives of the program on it.</summary>
internal sealed class KillRun(IReadOnlyList<string> launch, int seed) : IDisposable
{
    private const int Starters = 2;
    private const int Workers = 4;
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idflow-kill-");
    private readonly Api _api = new();
    private readonly Ledger _ledger = new();
    private readonly List<string> _faults = [];
    private bool _keep;
    private bool _registered;

    public IReadOnlyList<string> Faults => _faults;

    public int Kills => KillsBy.Values.Sum();

    public Dictionary<string, int> KillsBy { get; } = [];

    public long Acknowledged => _ledger.Acknowledged;

    public int Workflows { get; private set; }

    public async Task RunAsync(int kills, TimeSpan most)
    {
        using var stop = new CancellationTokenSource();
        var random = new Random(seed);
        var clients = new LoadClients(_api, _ledger, seed);
        var again = new AgainClient(_api, _ledger, seed);
        var checker = new KillChecker(_api, _ledger, again);
        await Process.Start(new ProcessStartInfo(launch[0], [.. launch.Skip(1), "init", "--empty", _folder.FullName]) { RedirectStandardOutput = true, RedirectStandardError = true })!.WaitForExitAsync();
        List<Task> load =
        [
            .. Enumerable.Range(0, Starters).Select(number => RunAsync(() => clients.StarterAsync(number, stop.Token))),
            .. Enumerable.Range(0, Workers).Select(number => RunAsync(() => clients.WorkerAsync(number, stop.Token))),
            RunAsync(() => clients.OperatorAsync(0, stop.Token)),
            RunAsync(() => again.RunAsync(stop.Token)),
        ];
        var clock = Stopwatch.StartNew();
        var report = TimeSpan.FromSeconds(20);
        while (Kills < kills && clock.Elapsed < most && _faults.Count == 0)
        {
            await LiveAndDieAsync(KillPlan.Next(random), checker, clients, stop.Token);
            if (clock.Elapsed > report)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:0} s: {Kills} kills, {Acknowledged} acknowledged"));
                report += TimeSpan.FromSeconds(20);
            }
        }
        await FinishAsync(checker, clients, again, stop.Token);
        await stop.CancelAsync();
        await Task.WhenAll(load);
        _faults.AddRange(checker.Faults);
    }

    /// <summary>Keeps the project for a look at it.</summary>
    public string Keep()
    {
        _keep = true;
        return _folder.FullName;
    }

    public void Dispose()
    {
        _api.Dispose();
        if (!_keep)
        {
            _folder.Delete(recursive: true);
        }
    }

    private async Task LiveAndDieAsync(KillPlan plan, KillChecker checker, LoadClients clients, CancellationToken stop)
    {
        clients.MustBeLarge = plan.NeedsLarge;
        using var server = ServerProcess.Start(launch, _folder.FullName, plan.Environment);
        if (await OpenAsync(server, plan, checker, clients, stop))
        {
            await LiveAsync(server, plan, checker, clients, stop);
        }
        var fromOutside = !server.HasExited;
        server.Kill();
        await server.HasEndedWithinAsync(Patience);
        _api.Down();
        var name = fromOutside ? "from outside" : plan.Name;
        KillsBy[name] = KillsBy.GetValueOrDefault(name) + 1;
        Look(server);
    }

    /// <summary>Until it dies; starters are told now and then how many workflows are open, so that the load does not run dry.</summary>
    private static async Task LiveAsync(ServerProcess server, KillPlan plan, KillChecker checker, LoadClients clients, CancellationToken stop)
    {
        var lived = Stopwatch.StartNew();
        while (plan.After - lived.Elapsed is { Ticks: > 0 } left && !await server.HasEndedWithinAsync(left < Breath ? left : Breath))
        {
            if (left > Breath && await checker.OpenAsync(stop) is var open and >= 0)
            {
                clients.Ended(open);
            }
        }
    }

    /// <returns>False when it died before it served: a plan may let it die while it recovers.</returns>
    private async Task<bool> OpenAsync(ServerProcess server, KillPlan? plan, KillChecker checker, LoadClients clients, CancellationToken stop)
    {
        if (await server.ServesAsync().WaitAsync(Patience, stop) is not { } url)
        {
            if (plan?.Environment.ContainsKey("IDFLOW_CRASH_AT") != true)
            {
                _faults.Add($"the server did not start: {server.Said}");
            }
            return false;
        }
        _api.Serve(url);
        _registered = _registered || await RegisterAsync(stop);
        if (!server.HasExited && await checker.OpenAsync(stop) is var open and >= 0)
        {
            clients.Ended(open);
        }
        return true;
    }

    /// <summary>The load's definitions, again in each life until all of them are acknowledged.</summary>
    private async Task<bool> RegisterAsync(CancellationToken stop)
    {
        foreach (var (method, path, body) in KillWorkflows.Registrations)
        {
            // A conflict says that an earlier life has it.
            if (await _api.SendAsync(method, path, body, stop) is not { IsAcknowledged: true } and not { Status: 409 })
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The faults stop: everything must end, and then everything is looked at.</summary>
    private async Task FinishAsync(KillChecker checker, LoadClients clients, AgainClient again, CancellationToken stop)
    {
        _ledger.StartsStopped = true;
        using var server = ServerProcess.Start(launch, _folder.FullName, new Dictionary<string, string>());
        if (!await OpenAsync(server, null, checker, clients, stop))
        {
            return;
        }
        var waited = Stopwatch.StartNew();
        int open;
        do
        {
            await clients.SettleAsync(again, stop);
            await Task.Delay(100, stop);
            open = await checker.OpenAsync(stop);
        }
        while (open != 0 && waited.Elapsed < Patience);
        await checker.AtTheEndAsync(stop);
        Workflows = checker.Workflows;
        _api.Down();
        Look(server);
    }

    private void Look(ServerProcess server)
    {
        foreach (var line in server.Said.Split('\n').Where(line => line.Contains("rror", StringComparison.Ordinal) || line.Contains("Unhandled", StringComparison.Ordinal)))
        {
            _faults.Add($"the server said: {line}");
        }
    }

    private async Task RunAsync(Func<Task> client)
    {
        try
        {
            await Task.Run(client);
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
        catch (Exception error)
        {
            _faults.Add($"a client failed: {error}");
        }
    }
}
