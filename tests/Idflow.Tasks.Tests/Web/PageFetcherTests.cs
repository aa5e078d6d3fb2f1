using System.IO.Compression;
using System.Text;
using Idflow.Tasks.Web;

namespace Idflow.Tasks.Tests.Web;

public sealed class PageFetcherTests
{
    private const string Page = """
        <!doctype html><html lang="en"><head><title>Fallback</title><meta property="og:title" content="The lock gates"><meta name="author" content="R. Bell">
        <link rel="canonical" href="/gates"></head><body><nav><a href="/">Home</a> Menu entries that nobody wants</nav>
        <main><h1>The lock gates</h1><p>The gates are made of oak and weigh four tonnes each.</p><ul><li>first item</li><li>second item</li></ul>
        <pre>code   kept</pre><table><tr><th>Year</th><th>Gates</th></tr><tr><td>1820</td><td>12</td></tr></table><script>evil()</script><p hidden>hidden words</p></main>
        <footer>Cookie notice</footer></body></html>
        """;

    [Fact]
    public async Task The_main_text_is_read_with_headings_lists_tables_and_code()
    {
        await using var server = new LoopbackServer(request => request.Path == "/robots.txt" ? Reply.Text("", status: 404) : Reply.Text(Page));
        using var host = new WebHost(server);
        var page = (await host.Pages.FetchAsync(server.Url + "/gates", false, CancellationToken.None)).Page!;
        Assert.Equal(("The lock gates", "R. Bell", "en"), (page.Title, page.Author, page.Language));
        Assert.Equal("# The lock gates\n\nThe gates are made of oak and weigh four tonnes each.\n\n- first item\n- second item\n\n```\ncode   kept\n```\n\n| Year | Gates |\n| 1820 | 12 |", page.Text);
        Assert.All(server.Seen, request => Assert.StartsWith("idflow/", request.Headers["User-Agent"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_kept_page_needs_no_second_request_also_offline_and_an_unknown_one_says_so()
    {
        await using var server = new LoopbackServer(request => request.Path == "/robots.txt" ? Reply.Text("", status: 404) : Reply.Text(Page));
        using var host = new WebHost(server);
        await host.Pages.FetchAsync(server.Url + "/gates", false, CancellationToken.None);
        using var offline = new WebHost(server, offline: true, cache: host.Cache);
        Assert.True((await offline.Pages.FetchAsync(server.Url + "/gates", false, CancellationToken.None)).Page!.Cached);
        var missing = await offline.Pages.FetchAsync(server.Url + "/other", false, CancellationToken.None);
        Assert.Contains("offline", missing.Reason!, StringComparison.Ordinal);
        Assert.Equal(2, server.Seen.Count);
    }

    [Fact]
    public async Task A_refresh_asks_with_the_validators_and_keeps_the_text_when_nothing_changed()
    {
        await using var server = new LoopbackServer(request => request.Path == "/robots.txt" ? Reply.Text("", status: 404)
            : request.Headers.ContainsKey("If-None-Match") ? new Reply(304, "text/html", [[]])
            : Reply.Text(Page) with { Headers = [("ETag", "\"v1\"")] });
        using var host = new WebHost(server);
        await host.Pages.FetchAsync(server.Url + "/gates", false, CancellationToken.None);
        var again = (await host.Pages.FetchAsync(server.Url + "/gates", true, CancellationToken.None)).Page!;
        Assert.True(again.Cached);
        Assert.Contains("four tonnes", again.Text, StringComparison.Ordinal);
        Assert.Equal("\"v1\"", server.Seen.Last().Headers["If-None-Match"]);
    }

    [Theory]
    [InlineData(200, "User-agent: *\nDisallow: /gates", false)]
    [InlineData(404, "", true)]
    [InlineData(403, "", true)]
    [InlineData(500, "", false)]
    public async Task Robots_txt_is_asked_first_and_obeyed(int status, string robots, bool allowed)
    {
        await using var server = new LoopbackServer(request => request.Path == "/robots.txt" ? Reply.Text(robots, "text/plain", status) : Reply.Text(Page));
        using var host = new WebHost(server);
        var outcome = await host.Pages.FetchAsync(server.Url + "/gates", false, CancellationToken.None);
        Assert.Equal(allowed, outcome.Page is not null);
        Assert.Equal(allowed ? 2 : 1, server.Seen.Count);
        if (!allowed)
        {
            Assert.Contains("respect_robots", outcome.Reason!, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/")]
    [InlineData("http://[::1]:80/")]
    [InlineData("file:///etc/passwd")]
    public async Task A_redirect_to_the_inside_is_refused(string target)
    {
        await using var server = new LoopbackServer(request => request.Path == "/robots.txt" ? Reply.Text("", status: 404) : new Reply(302, "text/html", [[]]) { Headers = [("Location", target)] });
        using var host = new WebHost(server);
        var outcome = await host.Pages.FetchAsync(server.Url + "/x", false, CancellationToken.None);
        Assert.Null(outcome.Page);
        Assert.False(outcome.Retryable);
    }

    [Fact]
    public async Task Redirects_end_after_five()
    {
        await using var server = new LoopbackServer(request => request.Path == "/robots.txt" ? Reply.Text("", status: 404) : new Reply(302, "text/html", [[]]) { Headers = [("Location", request.Path + "x")] });
        using var host = new WebHost(server);
        Assert.Contains("more than 5 times", (await host.Pages.FetchAsync(server.Url + "/x", false, CancellationToken.None)).Reason!, StringComparison.Ordinal);
        Assert.Equal(7, server.Seen.Count);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_body_that_unpacks_without_end_is_cut_off(string encoding)
    {
        using var packed = new MemoryStream();
        await using (Stream pack = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true) : new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1024 * 1024];
            for (var index = 0; index < 3; index++)
            {
                await pack.WriteAsync(zeros);
            }
        }

        var outcome = await FetchBytesAsync(packed.ToArray(), encoding, new() { MostDecodedBytes = 1024 * 1024 });
        Assert.Contains("unpacks to more than 1 MiB", outcome.Reason!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", "its compressed body is damaged")]
    [InlineData("zstd", "was not asked for")]
    [InlineData("gzip, gzip", "was not asked for")]
    public async Task A_damaged_or_unknown_encoding_is_a_reason(string encoding, string reason) =>
        Assert.Contains(reason, (await FetchBytesAsync(Encoding.ASCII.GetBytes("<html>not packed</html>"), encoding, new())).Reason!, StringComparison.Ordinal);

    [Fact]
    public async Task A_body_too_large_on_the_wire_is_cut_off() =>
        Assert.Contains("larger than 1 MiB on the wire", (await FetchBytesAsync(new byte[2 * 1024 * 1024], "identity", new() { MostWireBytes = 1024 * 1024 })).Reason!, StringComparison.Ordinal);

    [Fact]
    public async Task What_is_no_text_is_skipped_with_its_reason()
    {
        await using var server = new LoopbackServer(request => request.Path == "/robots.txt" ? Reply.Text("", status: 404) : Reply.Text("%PDF-1.7 ...", "application/pdf"));
        using var host = new WebHost(server);
        Assert.Contains("PDF", (await host.Pages.FetchAsync(server.Url + "/a.pdf", false, CancellationToken.None)).Reason!, StringComparison.Ordinal);
    }

    private static async Task<PageOutcome> FetchBytesAsync(byte[] body, string encoding, CrawlSettings settings)
    {
        await using var server = new LoopbackServer(request => request.Path == "/robots.txt" ? Reply.Text("", status: 404) : new Reply(200, "text/html", [body]) { Headers = [("Content-Encoding", encoding)] });
        using var host = new WebHost(server, crawl: settings);
        return await host.Pages.FetchAsync(server.Url + "/x", false, CancellationToken.None);
    }
}
