using Idflow.Engine.Ownership;

namespace Idflow.Engine.Tests.Ownership;

public sealed class EngineOwnershipTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("idflow-owner-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_second_owner_is_refused_with_the_address_of_the_first()
    {
        using var first = await EngineOwnership.TakeAsync(_directory, TimeProvider.System);
        first.Publish("http://127.0.0.1:1234");

        var error = await Assert.ThrowsAsync<EngineInUseException>(() => EngineOwnership.TakeAsync(_directory, TimeProvider.System));
        Assert.Equal("http://127.0.0.1:1234", error.Url);
        Assert.Equal((true, "http://127.0.0.1:1234"), EngineOwnership.Find(_directory));
    }

    [Fact]
    public async Task After_its_owner_a_directory_is_free_again()
    {
        (await EngineOwnership.TakeAsync(_directory, TimeProvider.System)).Dispose();
        Assert.Equal((false, null), EngineOwnership.Find(_directory));
        (await EngineOwnership.TakeAsync(_directory, TimeProvider.System)).Dispose();
    }

    [Fact]
    public async Task The_address_of_a_dead_owner_does_not_count()
    {
        File.WriteAllText(Path.Combine(_directory, "engine.url"), "http://127.0.0.1:1");
        File.WriteAllText(Path.Combine(_directory, "engine.lock"), "");
        Assert.Equal((false, null), EngineOwnership.Find(_directory));
        using var owner = await EngineOwnership.TakeAsync(_directory, TimeProvider.System);
        Assert.Equal((true, null), EngineOwnership.Find(_directory));
    }

    [Fact]
    public async Task Two_engines_cannot_open_one_directory()
    {
        await using var first = await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = _directory });
        await Assert.ThrowsAsync<EngineInUseException>(() => EmbeddedEngine.OpenAsync(new EngineOptions { Directory = _directory }));
    }
}
