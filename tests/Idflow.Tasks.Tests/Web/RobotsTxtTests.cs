using Idflow.Tasks.Web;

namespace Idflow.Tasks.Tests.Web;

/// <summary>RFC 9309, section by section.</summary>
public sealed class RobotsTxtTests
{
    [Theory]
    [InlineData("User-agent: *\nDisallow: /private", "/private/x", false)]
    [InlineData("User-agent: *\nDisallow: /private", "/public", true)]
    [InlineData("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true)]
    [InlineData("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", false)]
    [InlineData("User-agent: *\nDisallow: /page\nAllow: /page", "/page", true)]
    [InlineData("User-agent: *\nDisallow:", "/anything", true)]
    [InlineData("User-agent: *\nDisallow: /*.gif$", "/img/a.gif", false)]
    [InlineData("User-agent: *\nDisallow: /*.gif$", "/img/a.gif?x", true)]
    [InlineData("User-agent: *\nDisallow: /a*b*c", "/a--b--c--", false)]
    [InlineData("User-agent: *\nDisallow: /ä", "/%C3%A4/x", false)]
    [InlineData("User-agent: *\nDisallow: /%7Ejoe", "/~joe/x", false)]
    [InlineData("User-agent: *\nDisallow: /", "/robots.txt", true)]
    [InlineData("user-AGENT : *\ndisallow : /x # why", "/x", false)]
    [InlineData("\uFEFFUser-agent: *\r\nDisallow: /x", "/x", false)]
    [InlineData("User-agent: idflow\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", true)]
    [InlineData("User-agent: other\nUser-agent: IDFLOW/2.0\nDisallow: /a", "/a", false)]
    [InlineData("User-agent: idflow\nAllow: /\n\nUser-agent: idflow\nDisallow: /a", "/a", false)]
    [InlineData("User-agent: *\nDisallow: /all\nUser-agent: other\nDisallow: /", "/b", true)]
    [InlineData("Sitemap: https://example.org/s.xml\nDisallow: /", "/", true)]
    [InlineData("User-agent: *\n\nDisallow: /late", "/late", false)]
    [InlineData("<html>not a robots file</html>", "/x", true)]
    public void The_longest_rule_of_the_right_group_decides(string text, string path, bool allowed) => Assert.Equal(allowed, RobotsTxt.Parse(text, "idflow").Allows(path));

    [Fact]
    public void The_delay_of_the_named_group_wins() =>
        Assert.Equal(TimeSpan.FromSeconds(7), RobotsTxt.Parse("User-agent: *\nCrawl-delay: 2\n\nUser-agent: idflow\nCrawl-delay: 7\nDisallow: /x", "idflow").CrawlDelay);
}
