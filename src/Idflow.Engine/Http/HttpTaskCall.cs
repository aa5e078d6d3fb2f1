using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Expressions;
using Idflow.Engine.State;

namespace Idflow.Engine.Http;

/// <summary>Makes the call of an HTTP task. The fields stand in <c>http_request</c> or flat in the input.</summary>
internal sealed class HttpTaskCall(HttpMessageInvoker client, Func<string, string?> secrets, int mostAnswerBytes)
{
    private const int DefaultTimeoutMs = 3000;

    public async Task<TaskResult> CallAsync(TaskRow task, CancellationToken cancellationToken)
    {
        var input = SecretResolver.Resolve(task.Input, secrets);
        var fields = input["http_request"] as JsonObject ?? input;
        var uri = fields["uri"]?.ToString();
        var method = fields["method"]?.ToString();
        if (string.IsNullOrWhiteSpace(uri))
        {
            return Failed(task, "Missing HTTP URI.  See documentation for HttpTask for required input parameters");
        }
        if (string.IsNullOrWhiteSpace(method))
        {
            return Failed(task, "No HTTP method specified");
        }
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(Milliseconds(fields, "connectionTimeOut") + Milliseconds(fields, "readTimeOut"));
            using var request = Request(fields, uri, method);
            using var answer = await client.SendAsync(request, timeout.Token).ConfigureAwait(false);
            var text = await ReadAsync(answer, timeout.Token).ConfigureAwait(false);
            return Result(task, uri, answer, text);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(task, $"Failed to invoke HTTP task due to: {method} {uri}: no answer in time");
        }
        catch (Exception error) when (error is HttpRequestException or UriFormatException or FormatException or InvalidOperationException or IOException or NotSupportedException)
        {
            return Failed(task, $"Failed to invoke HTTP task due to: {method} {uri}: {error.Message}");
        }
    }

    private static HttpRequestMessage Request(JsonObject fields, string uri, string method)
    {
        var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), uri);
        foreach (var accept in Texts(fields["accept"]).DefaultIfEmpty("application/json"))
        {
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        }
        if (fields["body"] is { } body)
        {
            var text = body.GetValueKind() == JsonValueKind.String ? body.GetValue<string>() : body.ToJsonString();
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(fields["contentType"]?.ToString() ?? "application/json");
        }
        foreach (var (name, value) in fields["headers"] as JsonObject ?? [])
        {
            if (!request.Headers.TryAddWithoutValidation(name, Texts(value)))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, Texts(value));
            }
        }
        return request;
    }

    private async Task<string> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await answer.Content.LoadIntoBufferAsync(mostAnswerBytes, cancellationToken).ConfigureAwait(false);
        return await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
    }

    private static TaskResult Result(TaskRow task, string uri, HttpResponseMessage answer, string text)
    {
        var headers = new JsonObject();
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            headers[name] = new JsonArray([.. values.Select(value => (JsonNode)value)]);
        }
        var response = new JsonObject
        {
            ["body"] = Body(text),
            ["headers"] = headers,
            ["statusCode"] = (int)answer.StatusCode,
            ["reasonPhrase"] = answer.ReasonPhrase,
        };
        var result = New(task) with { OutputData = new JsonObject { ["response"] = response } };
        if (!answer.IsSuccessStatusCode)
        {
            return result with
            {
                Status = TaskResultStatus.FAILED,
                ReasonForIncompletion = string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode} {answer.ReasonPhrase} from {uri}"),
            };
        }
        return result with { Status = (bool?)task.Input["asyncComplete"] == true ? TaskResultStatus.IN_PROGRESS : TaskResultStatus.COMPLETED };
    }

    /// <summary>JSON where it is JSON, with every number as a double; else the text; null for nothing.</summary>
    private static JsonNode? Body(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }
        try
        {
            return ForeignJson.Parse(text) switch
            {
                null => "null",
                JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => JavaText.Of(value),
                var node => node,
            };
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static int Milliseconds(JsonObject fields, string key) =>
        int.TryParse(fields[key]?.ToString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : DefaultTimeoutMs;

    private static IEnumerable<string> Texts(JsonNode? value) => value switch
    {
        null => [],
        JsonArray list => list.OfType<JsonNode>().Select(item => item.ToString()),
        _ => [value.ToString()],
    };

    private static TaskResult New(TaskRow task) => new() { WorkflowInstanceId = task.WorkflowId, TaskId = task.TaskId };

    private static TaskResult Failed(TaskRow task, string reason) => New(task) with
    {
        Status = TaskResultStatus.FAILED,
        ReasonForIncompletion = reason,
    };
}
