using System.Text.Json.Nodes;
using Idflow.Tasks.Common;
using Idflow.Tasks.Search;
using Idflow.Tasks.Tests.Web;
using Idflow.Workers;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Tasks.Tests.Search;

public sealed class SearchTaskTests
{
    [Fact]
    public async Task Pages_are_fetched_through_the_hidden_form_until_there_are_enough_without_copies()
    {
        await using var server = Server(request => request.Body.Contains("vqd=4-123", StringComparison.Ordinal) ? Page("html-last.html") : Page("html-results.html"));
        using var host = new WebHost(server);
        var output = await SearchAsync(host, new() { ["query"] = "canals", ["docId"] = "d", ["region"] = "uk-en", ["timelimit"] = "y" });
        Assert.Equal(["https://example.org/canals?x=1&y=a%2Fb", "https://example.com/locks", "https://example.net/last"], output["results"]!.AsArray().Select(result => (string)result!["url"]!));
        Assert.Equal([1, 2, 3], output["results"]!.AsArray().Select(result => (int)result!["rank"]!));
        Assert.Equal(("ok", 2, false), ((string)output["status"]!, (int)output["pages"]!, (bool)output["cached"]!));
        var posts = server.Seen.Where(request => request.Method == "POST").ToList();
        Assert.Equal("q=canals&b=&kl=uk-en&df=y", posts[0].Body);
        Assert.Contains("s=10", posts[1].Body, StringComparison.Ordinal);

        var again = await SearchAsync(host, new() { ["query"] = "canals", ["docId"] = "d", ["region"] = "uk-en", ["timelimit"] = "y" });
        Assert.True((bool)again["cached"]!);
        Assert.Equal(2, server.Seen.Count(request => request.Method == "POST"));
    }

    [Fact]
    public async Task Truly_no_results_is_an_empty_list_and_not_a_failure()
    {
        await using var server = Server(_ => Page("html-none.html"));
        using var host = new WebHost(server);
        var output = await SearchAsync(host, new() { ["query"] = "zxqy", ["docId"] = "d" });
        Assert.Equal("none", (string)output["status"]!);
        Assert.Empty(output["results"]!.AsArray());
    }

    [Theory]
    [InlineData(200, "challenge.html")]
    [InlineData(202, "unknown.html")]
    [InlineData(403, "unknown.html")]
    [InlineData(429, "html-results.html")]
    public async Task A_block_is_a_retryable_failure_and_the_host_is_left_alone(int status, string file)
    {
        var time = new FakeTimeProvider(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var server = Server(_ => Page(file, status));
        using var host = new WebHost(server, time: time);
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => SearchAsync(host, new() { ["query"] = "canals", ["docId"] = "d" }));
        Assert.True(error.Retryable);
        Assert.Contains("until about 2026-03-01 12:10 UTC", error.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(10), error.RetryAfter);

        var asked = server.Seen.Count;
        await Assert.ThrowsAsync<TaskFailedException>(() => SearchAsync(host, new() { ["query"] = "other", ["docId"] = "d" }));
        Assert.Equal(asked, server.Seen.Count);

        time.Advance(TimeSpan.FromMinutes(11));
        error = await Assert.ThrowsAsync<TaskFailedException>(() => SearchAsync(host, new() { ["query"] = "canals", ["docId"] = "d" }));
        Assert.Equal(TimeSpan.FromMinutes(20), error.RetryAfter);
    }

    [Fact]
    public async Task A_host_that_asks_for_a_longer_time_is_given_it()
    {
        var time = new FakeTimeProvider(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var server = Server(_ => Page("html-results.html", 429) with { Headers = [("Retry-After", "3600")] });
        using var host = new WebHost(server, time: time);
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => SearchAsync(host, new() { ["query"] = "canals", ["docId"] = "d" }));
        Assert.Equal((true, TimeSpan.FromHours(1)), (error.Retryable, error.RetryAfter));
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Contains("until about 2026-03-01 13:00 UTC", (await Assert.ThrowsAsync<TaskFailedException>(() => SearchAsync(host, new() { ["query"] = "canals", ["docId"] = "d" }))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("busy", "answered 503")]
    [InlineData("silent", "cannot be reached")]
    [InlineData("cut", "cannot be reached")]
    [InlineData("garbage", "layout that is not known")]
    public async Task A_search_and_crawl_that_fails_for_a_while_may_be_tried_again_and_then_answers(string trouble, string reason)
    {
        var isMended = false;
        await using var server = Server(request => request.Path switch
        {
            "/html/" when isMended => Page("html-results.html"),
            "/html/" => trouble switch
            {
                "busy" => Reply.Text("", status: 503) with { Headers = [("Retry-After", "7")] },
                "silent" => new Reply(200, "text/html", ["<html>"u8.ToArray(), "</html>"u8.ToArray()]) { Pause = Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken) },
                "cut" => Reply.Text(new string('x', 5000)) with { Cut = true },
                _ => Reply.Text("<html><div id=\"links\"><div class='result results_links_deep web-result'><h2><a class=\"result__a\" href='//duckduckgo.com/l/?uddg=%zz%\"><table></a></h2><!-- \0\u202e"),
            },
            _ => Reply.Text("", status: 404),
        });
        using var host = new WebHost(server, crawl: trouble == "silent" ? new() { Timeout = TimeSpan.FromMilliseconds(500) } : null);
        var error = await Assert.ThrowsAsync<TaskFailedException>(SerpAsync);
        Assert.True(error.Retryable);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(trouble == "busy" ? TimeSpan.FromSeconds(7) : null, error.RetryAfter);

        isMended = true;
        var output = await SerpAsync();
        Assert.Equal(2, output["results"]!.AsArray().Count);

        async Task<JsonObject> SerpAsync()
        {
            var context = new TestTask(new() { ["query"] = "canals", ["docId"] = "d", ["max_results"] = 2 });
            return TestTask.Output(await new SearchTask(_ => host.Services, TimeProvider.System).SerpAsync(context.InputAs<SearchInput>(), context));
        }
    }

    [Fact]
    public async Task A_block_after_some_pages_gives_what_there_is_as_partial()
    {
        await using var server = Server(request => request.Body.Contains("vqd", StringComparison.Ordinal) ? Page("challenge.html") : Page("html-results.html"));
        using var host = new WebHost(server);
        var output = await SearchAsync(host, new() { ["query"] = "canals", ["docId"] = "d" });
        Assert.Equal("partial", (string)output["status"]!);
        Assert.Equal(2, (int)output["total_results"]!);
    }

    [Fact]
    public async Task An_unknown_layout_fails_and_keeps_the_page()
    {
        await using var server = Server(_ => Page("unknown.html"));
        using var host = new WebHost(server);
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => SearchAsync(host, new() { ["query"] = "canals", ["docId"] = "d" }));
        var kept = Directory.GetFiles(Path.Combine(host.Cache.Path, "unknown-pages")).Single();
        Assert.Contains(kept, error.Message, StringComparison.Ordinal);
        Assert.Contains("brand-new-layout", await File.ReadAllTextAsync(kept), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_by_robots_txt_is_terminal_and_names_the_setting_that_decides()
    {
        await using var server = new LoopbackServer(request => request.Path == "/robots.txt" ? Reply.Text("User-agent: *\nDisallow: /html", "text/plain") : Page("html-results.html"));
        using var host = new WebHost(server);
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => SearchAsync(host, new() { ["query"] = "canals", ["docId"] = "d" }));
        Assert.False(error.Retryable);
        Assert.Contains("search.duckduckgo.ignore_robots", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Seen, request => request.Method == "POST");

        using var decided = new WebHost(server, search: settings => settings with { IgnoreDuckDuckGoRobots = true });
        Assert.Equal("ok", (string)(await SearchAsync(decided, new() { ["query"] = "canals", ["docId"] = "d", ["max_results"] = 2 }))["status"]!);
    }

    [Fact]
    public async Task Offline_names_what_was_lacked_and_opens_no_connection()
    {
        await using var server = Server(_ => Page("html-results.html"));
        using var host = new WebHost(server, offline: true);
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => SearchAsync(host, new() { ["query"] = "canals", ["docId"] = "d" }));
        Assert.False(error.Retryable);
        Assert.Contains("Lacking: the results for \"canals\"", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Seen);
    }

    [Fact]
    public async Task Merge_fuses_the_ranks_of_providers_by_address_and_recorded_answers_are_marked()
    {
        await using var server = Server(request => request.Path.StartsWith("/searx/search", StringComparison.Ordinal)
            ? Reply.Json("""{"results":[{"title":"Z","url":"https://example.net/z","content":"z"},{"title":"Locks","url":"https://www.example.com/locks/","content":"l"}]}""")
            : Page("html-results.html"));
        using var host = new WebHost(server);
        new AnswerStore(Path.Combine(host.Cache.Path, "recorded"), TimeProvider.System).Keep(RecordedProvider.KeyOf("canals"), new() { ["results"] = new JsonArray(new JsonObject { ["title"] = "R", ["url"] = "https://example.com/locks", ["snippet"] = "r" }) });
        var output = await SearchAsync(host, new() { ["query"] = "canals", ["docId"] = "d", ["providers"] = new JsonArray("searxng", "recorded"), ["strategy"] = "merge" });
        Assert.Equal("https://www.example.com/locks/", (string)output["results"]![0]!["url"]!);
        Assert.Equal(["searxng", "recorded"], output["providers_tried"]!.AsArray().Select(tried => (string)tried!["provider"]!));
        var single = await SearchAsync(host, new() { ["query"] = "canals", ["docId"] = "d", ["providers"] = new JsonArray("recorded") });
        Assert.Equal("recorded", (string)single["results"]![0]!["provider"]!);
    }

    [Fact]
    public async Task Domains_are_filtered_in_the_results_and_a_long_query_is_cut_with_a_warning()
    {
        await using var server = Server(_ => Page("html-last.html"));
        using var host = new WebHost(server);
        var output = await SearchAsync(host, new() { ["query"] = string.Join(' ', Enumerable.Repeat("canal", 100)), ["docId"] = "d", ["exclude_domains"] = new JsonArray("example.net") });
        Assert.Equal(["example.com"], output["results"]!.AsArray().Select(result => (string)result!["domain"]!));
        Assert.InRange(((string)output["query"]!).Length, 400, 499);
        Assert.Contains("cut", (string)output["warnings"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crawl_reads_the_pages_of_a_search_and_says_what_it_skipped()
    {
        await using var server = new LoopbackServer(request => request.Path switch
        {
            "/robots.txt" => Reply.Text("", status: 404),
            "/good" => Reply.Text("<html><body><main><h1>Good</h1><p>Text of the good page that is long enough.</p></main></body></html>"),
            _ => Reply.Text("gone", status: 410),
        });
        using var host = new WebHost(server);
        var task = new SearchTask(_ => host.Services, TimeProvider.System);
        var context = new TestTask(new() { ["docId"] = "d", ["search_results"] = new JsonObject { ["results"] = new JsonArray(new JsonObject { ["url"] = server.Url + "/bad" }, new JsonObject { ["url"] = server.Url + "/good" }) } });
        var output = TestTask.Output(await task.CrawlAsync(context.InputAs<CrawlInput>(), context));
        Assert.Equal(1, (int)output["pages_crawled"]!);
        Assert.Contains("good page", (string)output["content"]![0]!["content"]!, StringComparison.Ordinal);
        Assert.Contains("410", (string)output["skipped"]![0]!["reason"]!, StringComparison.Ordinal);

        var none = new TestTask(new() { ["docId"] = "d", ["search_results"] = new JsonArray(server.Url + "/bad") });
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => task.CrawlAsync(none.InputAs<CrawlInput>(), none));
        Assert.False(error.Retryable);
    }

    [Theory]
    [InlineData("""{"docId": "d"}""", "query")]
    [InlineData("""{"query": "q"}""", "docId")]
    [InlineData("""{"query": "q", "docId": "d", "max_results": 101}""", "max_results")]
    [InlineData("""{"query": "q", "docId": "d", "timelimit": "h"}""", "timelimit")]
    [InlineData("""{"query": "q", "docId": "d", "region": "nowhere"}""", "region")]
    [InlineData("""{"query": "q", "docId": "d", "providers": ["yahoo"]}""", "providers")]
    public async Task Wrong_input_is_terminal_and_named(string input, string named)
    {
        await using var server = Server(_ => Page("html-none.html"));
        using var host = new WebHost(server);
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => SearchAsync(host, (JsonObject)JsonNode.Parse(input)!));
        Assert.False(error.Retryable);
        Assert.Contains($"'{named}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_that_share_a_folder_share_the_rate()
    {
        using var folder = new TemporaryFolder();
        var time = new FakeTimeProvider(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var limit = new RateLimit(TimeSpan.FromSeconds(2), 3, TimeSpan.FromMinutes(10));
        var waits = new List<TimeSpan?>();
        for (var index = 0; index < 5; index++)
        {
            var gate = new RateGate(folder.Path, time);
            waits.Add(await gate.WaitAsync("x", limit, TimeSpan.Zero, CancellationToken.None));
            time.Advance(TimeSpan.FromSeconds(index == 0 ? 1 : 2));
        }

        // Slots at 12:00:00, refused at :01 (2 s apart), at :03, at :05, refused at :07 (three in ten minutes: free at 12:10:00).
        Assert.Equal([null, TimeSpan.FromSeconds(1), null, null, TimeSpan.FromSeconds(593)], waits);
    }

    private static LoopbackServer Server(Func<SeenRequest, Reply> answer) => new(request => request.Path == "/robots.txt" ? Reply.Text("", status: 404) : answer(request));

    private static Reply Page(string file, int status = 200) => Reply.Text(DuckDuckGoPageTests.Fixture(file), status: status);

    private static async Task<JsonObject> SearchAsync(WebHost host, JsonObject input)
    {
        var context = new TestTask(input);
        return TestTask.Output(await new SearchTask(_ => host.Services, TimeProvider.System).SearchAsync(context.InputAs<SearchInput>(), context));
    }
}
