using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>
/// A stand-in of the Anthropic Messages API on the loopback interface. It answers as the prompt's script says and keeps what it was asked.
/// </summary>
internal sealed class MessagesApi : IDisposable
{
    private readonly HttpListener _listener;
    private readonly ConcurrentQueue<JsonNode> _requests = [];
    private readonly ConcurrentQueue<Exception> _failures = [];
    private readonly Task _serving;

    private MessagesApi(HttpListener listener, string address)
    {
        _listener = listener;
        Address = address;
        _serving = ServeAsync();
    }

    public string Address { get; }

    /// <summary>The bodies of the model requests so far, those of the agent's side jobs too.</summary>
    public IReadOnlyList<JsonNode> Requests => [.. _requests];

    /// <summary>The model requests of the conversation itself: those that offer tools.</summary>
    public IReadOnlyList<JsonNode> Turns => [.. _requests.Where(request => request["tools"] is JsonArray { Count: > 0 })];

    /// <summary>All texts that the user side of a conversation holds.</summary>
    public static IReadOnlyList<string> UserTexts(JsonNode request) =>
        [.. request["messages"]!.AsArray()
            .Where(message => (string?)message!["role"] == "user")
            .SelectMany(message => ApiScript.Texts(message!))];

    public static MessagesApi Start()
    {
        while (true)
        {
            var port = FindFreePort();
            var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
            try
            {
                listener.Start();
                return new MessagesApi(listener, $"http://127.0.0.1:{port}");
            }
            catch (HttpListenerException)
            {
                // Somebody took the port meanwhile.
                ((IDisposable)listener).Dispose();
            }
        }
    }

    public void Dispose()
    {
        // What hangs is cut off here.
        _listener.Abort();
        _serving.GetAwaiter().GetResult();
        Assert.Empty(_failures);
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                _ = AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var path = context.Request.Url!.AbsolutePath;
            if (context.Request.HttpMethod != "POST" || path is not ("/v1/messages" or "/v1/messages/count_tokens"))
            {
                await ApiReply.WriteErrorAsync(context.Response, 404, $"There is no {context.Request.HttpMethod} {path}.");
                return;
            }

            var request = (await JsonNode.ParseAsync(context.Request.InputStream))!;
            if (path != "/v1/messages")
            {
                await ApiReply.WriteJsonAsync(context.Response, 200, new JsonObject { ["input_tokens"] = ApiReply.InputTokens });
                return;
            }

            _requests.Enqueue(request);
            var script = ApiScript.Choose(request);
            if ((bool?)script[0]["hang"] == true)
            {
                return;
            }

            await ((int?)script[0]["status"] is { } status
                ? ApiReply.WriteErrorAsync(context.Response, status, (string?)script[0]["message"] ?? "")
                : ApiReply.WriteAsync(context.Response, request, script));
        }
        catch (Exception e) when (e is HttpListenerException or IOException or SocketException or ObjectDisposedException)
        {
            // The agent went away.
        }
        catch (Exception e)
        {
            // A mistake in a script must not look like a fault of the agent.
            _failures.Enqueue(e);
            context.Response.Abort();
        }
    }

    private static int FindFreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
