using System.Net;
using System.Text;

namespace Idflow.Durability.Tests.Simulation;

/// <summary>The other end of HTTP tasks: answers when it is told to, sometimes with an error.</summary>
internal sealed class SimulatedWeb : HttpMessageHandler
{
    private readonly List<TaskCompletionSource<HttpResponseMessage>> _calls = [];

    public int Count => _calls.Count;

    public void Answer(int index, int status)
    {
        var call = _calls[index];
        _calls.RemoveAt(index);
        if (status == 0)
        {
            call.SetException(new HttpRequestException("the line is dead, on purpose"));
            return;
        }
        call.SetResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"answer":42}""")) });
    }

    /// <summary>The process that had called is dead.</summary>
    public void Drop() => _calls.Clear();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = new TaskCompletionSource<HttpResponseMessage>();
        _calls.Add(call);
        return call.Task;
    }
}
