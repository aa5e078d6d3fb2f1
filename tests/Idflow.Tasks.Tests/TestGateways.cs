using Idflow.Tasks.Common;
using Idflow.Tasks.Llm;

namespace Idflow.Tasks.Tests;

/// <summary>A gateway with one provider <c>local</c> at a loopback server, or with none.</summary>
internal static class TestGateways
{
    private static readonly HttpClient Http = new();

    public static LlmGateway For(LoopbackServer? server, string folder)
    {
        Dictionary<string, LlmProvider> providers = server is null ? [] : new() { ["local"] = new() { Name = "local", Kind = "openai", BaseUrl = server.Url, Model = "small" } };
        return new(providers, new ChatClient(Http, offline: true, TimeProvider.System), new AnswerStore(folder, TimeProvider.System), new RateGate(folder, TimeProvider.System), TimeProvider.System, new Random(1));
    }
}
