using Idflow.Tasks.Search;

namespace Idflow.Tasks.Tests.Search;

public sealed class DuckDuckGoPageTests
{
    [Theory]
    [InlineData("html-results.html")]
    [InlineData("lite-results.html")]
    public void Both_layouts_give_results_without_adverts_and_the_form_of_the_next_page(string file)
    {
        var page = DuckDuckGoPage.Parse(Fixture(file));
        Assert.Equal(SerpKind.Results, page.Kind);
        Assert.Equal(["https://example.org/canals?x=1&y=a%2Fb", "https://example.com/locks"], page.Results.Select(result => result.Url));
        Assert.Equal("Canals & locks", page.Results[0].Title);
        Assert.Equal("How a lock lifts a ship.", page.Results[0].Snippet);
        Assert.Equal("10", page.Next!.Single(field => field.Key == "s").Value);
        Assert.Contains(page.Next!, field => field.Key == "vqd");
    }

    [Theory]
    [InlineData("html-none.html", SerpKind.None)]
    [InlineData("lite-none.html", SerpKind.None)]
    [InlineData("challenge.html", SerpKind.Challenge)]
    [InlineData("unknown.html", SerpKind.Unknown)]
    internal void Other_pages_are_told_apart(string file, SerpKind kind) => Assert.Equal(kind, DuckDuckGoPage.Parse(Fixture(file)).Kind);

    [Theory]
    [InlineData("//duckduckgo.com/l/?uddg=https%3A%2F%2Fexample.org%2Fa%2520b%3Fq%3D1%252B1&rut=x", "https://example.org/a%20b?q=1%2B1")]
    [InlineData("//duckduckgo.com/l/?uddg=https%3A%2F%2Fexample.org%2F100%25&rut=x", "https://example.org/100%")]
    [InlineData("https://example.org/a%2Fb", "https://example.org/a%2Fb")]
    [InlineData("https://duckduckgo.com/y.js?ad_domain=shop.example&u3=x", null)]
    [InlineData("//duckduckgo.com/l/?uddg=javascript%3Aalert(1)", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("", null)]
    public void A_redirect_link_is_decoded_exactly_once(string href, string? target) => Assert.Equal(target, DuckDuckGoPage.Target(href));

    internal static string Fixture(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "serp", name));
}
