using System.Net;
using Idflow.Tasks.Web;

namespace Idflow.Tasks.Tests.Web;

public sealed class AddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://0/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("http://172.16.0.1/")]
    [InlineData("http://172.31.255.255/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://100.127.255.254/")]
    [InlineData("http://192.0.0.1/")]
    [InlineData("http://192.0.2.1/")]
    [InlineData("http://198.18.0.1/")]
    [InlineData("http://198.51.100.7/")]
    [InlineData("http://203.0.113.9/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://240.0.0.1/")]
    [InlineData("http://255.255.255.255/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fc00::1]/")]
    [InlineData("http://[fd12:3456:789a::1]/")]
    [InlineData("http://[ff02::1]/")]
    [InlineData("http://[fec0::1]/")]
    [InlineData("http://[2001:db8::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:a00:1]/")]
    [InlineData("http://[::ffff:0:127.0.0.1]/")]
    [InlineData("http://[::127.0.0.1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/")]
    [InlineData("http://[64:ff9b:1::a00:1]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://[2002:c0a8:101::1]/")]
    [InlineData("http://[2001:0:1:2:3:4:80ff:fffe]/")]
    [InlineData("http://[100::1]/")]
    [InlineData("http://example.org:8080/")]
    [InlineData("http://example.org:22/")]
    [InlineData("https://user@example.org/")]
    [InlineData("https://user:secret@example.org/")]
    [InlineData("http://127.0.0.1@example.org/")]
    [InlineData("ftp://example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.org/")]
    [InlineData("data:text/html,x")]
    [InlineData("javascript:alert(1)")]
    [InlineData("unix:/var/run/docker.sock")]
    public void Addresses_that_lead_inside_are_refused_by_their_text(string address) => Assert.NotNull(SafeHttp.Refusal(new Uri(address), new CrawlSettings()));

    [Theory]
    [InlineData("http://example.org/")]
    [InlineData("https://93.184.216.34/")]
    [InlineData("https://[2606:2800:220:1::]/")]
    public void Public_addresses_are_not(string address) => Assert.Null(SafeHttp.Refusal(new Uri(address), new CrawlSettings()));

    [Theory]
    [InlineData("2002:5db8:d822::1")]
    [InlineData("::ffff:93.184.216.34")]
    [InlineData("64:ff9b::5db8:d822")]
    public void Public_addresses_inside_other_forms_are_public(string address) => Assert.True(AddressPolicy.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task A_name_that_resolves_to_this_host_is_refused_at_the_connection()
    {
        await using var server = new LoopbackServer(_ => Reply.Text("secret"));
        using var http = new HttpMessageInvoker(SafeHttp.CreateHandler(new()));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{server.Port}/");
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => http.SendAsync(request, CancellationToken.None));
        Assert.Contains("not a public address", error.InnerException!.Message, StringComparison.Ordinal);
        Assert.Empty(server.Seen);
    }

    [Theory]
    [InlineData("HTTP://WWW.Example.org:80/a/?utm_source=x&b=1&fbclid=y#part", "https://example.org/a?b=1")]
    [InlineData("https://example.org", "https://example.org")]
    [InlineData("doc:123", "doc:123")]
    public void Addresses_of_one_page_have_one_form(string url, string canonical) => Assert.Equal(canonical, CanonicalUrl.Of(url));
}
