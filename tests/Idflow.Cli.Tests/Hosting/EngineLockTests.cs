using Idflow.Cli.Hosting;

namespace Idflow.Cli.Tests.Hosting;

public sealed class EngineLockTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("idflow-lock-").FullName, "engine");

    [Fact]
    public void Only_one_has_the_lock_until_it_is_given_up()
    {
        using (var first = EngineLock.TryTake(_folder))
        {
            Assert.NotNull(first);
            Assert.Null(EngineLock.TryTake(_folder));
        }

        using var second = EngineLock.TryTake(_folder);
        Assert.NotNull(second);
    }

    [Fact]
    public void The_owner_says_where_it_serves_and_what_a_dead_one_said_is_forgotten()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, "owner.json"), """{"ProcessId":1,"Url":"http://127.0.0.1:1"}""");
        using var owner = EngineLock.TryTake(_folder)!;
        Assert.Equal(new EngineOwner(Environment.ProcessId, null), EngineLock.ReadOwner(_folder));

        owner.Publish("http://127.0.0.1:4242");

        Assert.Equal("http://127.0.0.1:4242", EngineLock.ReadOwner(_folder)!.Url);
    }

    [Fact]
    public void A_broken_owner_file_is_no_owner()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, "owner.json"), "{");

        Assert.Null(EngineLock.ReadOwner(_folder));
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
}
