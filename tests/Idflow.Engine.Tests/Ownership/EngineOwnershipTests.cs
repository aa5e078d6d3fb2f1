using Idflow.Engine.Ownership;

namespace Idflow.Engine.Tests.Ownership;

public sealed class EngineOwnershipTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("idflow-owner-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_second_owner_is_refused_with_the_address_of_the_first()
    {
        using var first = EngineOwnership.Take(_directory);
        first.Publish("http://127.0.0.1:1234");

        var error = Assert.Throws<EngineInUseException>(() => EngineOwnership.Take(_directory));
        Assert.Equal("http://127.0.0.1:1234", error.Url);
        Assert.Equal((true, "http://127.0.0.1:1234"), EngineOwnership.Find(_directory));
    }

    [Fact]
    public void After_its_owner_a_directory_is_free_again()
    {
        EngineOwnership.Take(_directory).Dispose();
        Assert.Equal((false, null), EngineOwnership.Find(_directory));
        EngineOwnership.Take(_directory).Dispose();
    }

    [Fact]
    public void The_address_of_a_dead_owner_does_not_count()
    {
        File.WriteAllText(Path.Combine(_directory, "engine.url"), "http://127.0.0.1:1");
        File.WriteAllText(Path.Combine(_directory, "engine.lock"), "");
        Assert.Equal((false, null), EngineOwnership.Find(_directory));
        using var owner = EngineOwnership.Take(_directory);
        Assert.Equal((true, null), EngineOwnership.Find(_directory));
    }

    [Fact]
    public async Task Two_engines_cannot_open_one_directory()
    {
        await using var first = await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = _directory });
        await Assert.ThrowsAsync<EngineInUseException>(() => EmbeddedEngine.OpenAsync(new EngineOptions { Directory = _directory }));
    }
}
