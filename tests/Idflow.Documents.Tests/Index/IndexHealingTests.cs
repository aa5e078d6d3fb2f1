using Microsoft.Data.Sqlite;
using static Idflow.Documents.Tests.Index.IndexTree;

namespace Idflow.Documents.Tests.Index;

/// <summary>Whatever happens to the file of the index, the answer is right.</summary>
public sealed class IndexHealingTests : IDisposable
{
    private readonly IndexTree _tree = new();

    public IndexHealingTests()
    {
        for (var i = 0; i < 50; i++)
        {
            _tree.WriteDocument("inbox", $"doc{i:d2}", $"n: {i}\n", $"body {i} word\n");
        }
    }

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task Deleted_between_and_during_use()
    {
        await ExpectRightAnswers();
        Directory.Delete(_tree.Cache, recursive: true);
        await ExpectRightAnswers();

        using var index = _tree.Open();
        await ExpectRightAnswers(index);
        Directory.Delete(_tree.Cache, recursive: true);
        _tree.WriteDocument("inbox", "doc07", "n: 70\n", "body 7 word\n");
        Assert.Equal("doc07", await Ids(index, "n=70"));
        Assert.Equal(50, (await index.SearchAsync("word", 100)).Count);
    }

    [Theory]
    [InlineData(0, "no database")]
    [InlineData(100, "page header")]
    [InlineData(4096 + 8, "second page")]
    [InlineData(3 * 4096, "fourth page")]
    public async Task Overwritten_with_garbage(int offset, string where)
    {
        await ExpectRightAnswers();
        await using (var file = new FileStream(_tree.CacheFile, FileMode.Open))
        {
            file.Position = offset;
            var garbage = new byte[4096];
            new Random(offset).NextBytes(garbage);
            file.Write(garbage);
        }

        Assert.NotEmpty(where);
        await ExpectRightAnswers();
        await ExpectRightAnswers();
    }

    [Fact]
    public async Task Cut_short()
    {
        await ExpectRightAnswers();
        await using (var file = new FileStream(_tree.CacheFile, FileMode.Open))
        {
            file.SetLength(file.Length / 2);
        }

        await ExpectRightAnswers();
    }

    [Fact]
    public async Task Of_another_version()
    {
        await ExpectRightAnswers();
        Execute("UPDATE documents SET properties = x'7b7d'; PRAGMA user_version = 99");

        await ExpectRightAnswers();
    }

    [Fact]
    public async Task With_damaged_contents()
    {
        await ExpectRightAnswers();
        Execute("UPDATE documents SET properties = x'ff00', details = x'01'");

        await ExpectRightAnswers();
    }

    [Fact]
    public async Task Where_no_file_can_be_written()
    {
        await File.WriteAllTextAsync(_tree.Cache, "in the way of the folder");

        await ExpectRightAnswers();
    }

    [Fact]
    public async Task Locked_by_another_process_a_query_does_not_wait_for_it()
    {
        await ExpectRightAnswers();
        using var connection = Connect();
        using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();
        _tree.WriteDocument("inbox", "doc07", "n: 70\n", "body 7 word\n");

        using (var index = _tree.Open())
        {
            Assert.Equal("doc07", await Ids(index, "n=70"));
        }

        begin.CommandText = "ROLLBACK";
        begin.ExecuteNonQuery();
        using var later = _tree.Open();
        Assert.Equal("doc07", await Ids(later, "n=70"));
    }

    private async Task ExpectRightAnswers()
    {
        using var index = _tree.Open();
        await ExpectRightAnswers(index);
    }

    private static async Task ExpectRightAnswers(Documents.Index.DocumentIndex index)
    {
        Assert.Equal("doc07", await Ids(index, "n=7"));
        Assert.Equal(50, (await Ask(index)).Total);
        Assert.Equal(50, (await index.SearchAsync("word", 100)).Count);
        Assert.Single(await index.SearchAsync("\"body 7 word\"", 100));
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_tree.CacheFile};Pooling=False");
        connection.Open();
        return connection;
    }
}
