using System.Diagnostics;
using System.Text.Json.Nodes;
using Idflow.Durability.Tests.Killing;

namespace Idflow.Durability.Tests.Disk;

/// <summary>
/// The real program on a disk that is full, or may not be written: a file system of its own in a namespace of its own, and a limit on the
/// size of its files. Where the machine allows neither, these tests are skipped.
/// </summary>
public sealed class DiskTests : IDisposable
{
    private const string Program = "IDFLOW_PROGRAM";
    private const string OnFreshDisk = $"""mount -t tmpfs -o size=24m tmpfs "$0" && ${Program} init --empty "$0" >&2 && """;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idflow-disk-");
    private readonly Api _api = new();
    private readonly CancellationTokenSource _limit = new(Patience);

    public void Dispose()
    {
        _api.Dispose();
        _limit.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_full_disk_is_told_and_nothing_acknowledged_is_lost_and_work_goes_on_when_there_is_space()
    {
        using var server = Start($"""{OnFreshDisk} exec ${Program} "$@" """);
        await ServesAsync(server);
        var started = await StartSomeAsync(5);
        var filler = $"/proc/{server.Id}/root{_folder.FullName}/filler";
        Fill(filler);

        var refused = await RefusedAsync(started);
        Assert.Contains("is full", (string)refused["message"]!, StringComparison.Ordinal);
        await AllThereAsync(started);

        File.Delete(filler);
        started.AddRange(await StartSomeAsync(3));
        await AllThereAsync(started);
    }

    [Fact]
    public async Task A_file_that_may_not_grow_is_told_and_what_was_acknowledged_outlives_the_process()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/prlimit"))
        {
            Assert.Skip("needs prlimit");
        }
        await Process.Start(new ProcessStartInfo(BuiltProgram.Launch()[0], [.. BuiltProgram.Launch().Skip(1), "init", "--empty", _folder.FullName]) { RedirectStandardOutput = true, RedirectStandardError = true })!.WaitForExitAsync();
        List<string> started;
        using (var server = ServerProcess.Start(["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh", .. BuiltProgram.Launch()], _folder.FullName, new Dictionary<string, string>()))
        {
            await ServesAsync(server);
            started = await StartSomeAsync(5);
            await LimitFilesAsync(server, new FileInfo(Path.Combine(_folder.FullName, ".idflow", "engine", "engine.db-wal")).Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await RefusedAsync(started);
            await AllThereAsync(started);
            await LimitFilesAsync(server, "unlimited");
            started.AddRange(await StartSomeAsync(3));
        }
        _api.Down();
        using var again = ServerProcess.Start(BuiltProgram.Launch(), _folder.FullName, new Dictionary<string, string>());
        await ServesAsync(again);
        await AllThereAsync(started);
    }

    [Theory]
    [InlineData("""mount -o remount,ro "$0" """, "Read-only file system")]
    [InlineData("""
        db="$0/.idflow/engine/engine.db"; mkdir -p "$0/.idflow/engine"; : > "$db"; mount --bind "$db" "$db" && mount -o remount,ro,bind "$db"
        """, "may not be written")]
    public async Task What_may_not_be_written_ends_the_start_with_what_to_do(string makeReadOnly, string message)
    {
        using var server = Start($"""{OnFreshDisk} {makeReadOnly.Trim()} && exec ${Program} "$@" """);
        if (await server.ServesAsync().WaitAsync(Patience) is not null)
        {
            Assert.Fail("it serves from what it cannot write");
        }
        SkipUnlessAllowed(server);
        Assert.True(await server.HasEndedWithinAsync(Patience));
        Assert.Contains(message, server.Said, StringComparison.Ordinal);
        Assert.Contains("Check the permissions", server.Said, StringComparison.Ordinal);
    }

    private ServerProcess Start(string script)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("needs namespaces of Linux");
        }
        return ServerProcess.Start(["unshare", "-rm", "sh", "-c", script, _folder.FullName], _folder.FullName,
            new Dictionary<string, string> { [Program] = string.Join(' ', BuiltProgram.Launch()) });
    }

    private async Task ServesAsync(ServerProcess server)
    {
        if (await server.ServesAsync().WaitAsync(Patience) is not { } url)
        {
            SkipUnlessAllowed(server);
            throw new InvalidOperationException($"the server did not start: {server.Said}");
        }
        _api.Serve(url);
        foreach (var (method, path, body) in KillWorkflows.Registrations)
        {
            await _api.SendAsync(method, path, body, _limit.Token);
        }
    }

    private static void SkipUnlessAllowed(ServerProcess server)
    {
        if (server.Said.Contains("unshare:", StringComparison.Ordinal) || server.Said.Contains("mount:", StringComparison.Ordinal))
        {
            Assert.Skip($"this machine does not let us mount: {server.Said}");
        }
    }

    private Task<Reply> StartAsync() => _api.SendAsync(HttpMethod.Post, "workflow", new JsonObject { ["name"] = KillWorkflows.Child, ["version"] = 1, ["input"] = new JsonObject { ["text"] = new string('x', 20_000) } }, _limit.Token);

    /// <summary>Starts until so many are acknowledged.</summary>
    private async Task<List<string>> StartSomeAsync(int count)
    {
        var ids = new List<string>();
        while (ids.Count < count)
        {
            if (await StartAsync() is { IsAcknowledged: true } reply)
            {
                ids.Add(reply.Body);
            }
        }
        return ids;
    }

    /// <summary>Starts until one is refused; those before are acknowledged.</summary>
    private async Task<JsonObject> RefusedAsync(List<string> started)
    {
        while (true)
        {
            var reply = await StartAsync();
            if (reply.IsAcknowledged)
            {
                started.Add(reply.Body);
                continue;
            }
            var error = (JsonObject)reply.Json!;
            Assert.Equal((reply.Status, true), ((int)error["status"]!, (bool)error["retryable"]!));
            Assert.InRange(reply.Status, 500, 599);
            return error;
        }
    }

    private async Task AllThereAsync(List<string> ids)
    {
        foreach (var id in ids)
        {
            Assert.True((await _api.ReadAsync($"workflow/{id}", _limit.Token)).IsAcknowledged, $"{id} is lost");
        }
    }

    private static void Fill(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
            for (long at = 0; ; at += 4096)
            {
                RandomAccess.Write(file, new byte[4096], at);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static async Task LimitFilesAsync(ServerProcess server, string bytes)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), $"--fsize={bytes}:"]);
        await prlimit.WaitForExitAsync();
        Assert.Equal(0, prlimit.ExitCode);
    }
}
