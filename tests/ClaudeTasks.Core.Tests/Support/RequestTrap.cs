using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClaudeTasks.Tests.Support;

/// <summary>Listens on loopback, has nothing to give, and knows who came.</summary>
internal sealed class RequestTrap : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _paths = new();
    private readonly Task _accepting;

    public RequestTrap()
    {
        _listener.Start();
        Address = $"http://{_listener.LocalEndpoint}/";
        _accepting = AcceptAsync();
    }

    public string Address { get; }

    public int Connections { get; private set; }

    /// <summary>What was asked for. A browser may connect ahead and then ask for nothing.</summary>
    public IReadOnlyCollection<string> Paths => _paths;

    public void Dispose()
    {
        _listener.Stop();
        _accepting.Wait();
    }

    private async Task AcceptAsync()
    {
        var answers = new List<Task>();
        try
        {
            while (true)
            {
                answers.Add(AnswerAsync(await _listener.AcceptTcpClientAsync()));
                Connections++;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(answers);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1);
                if (await reader.ReadLineAsync() is { } request)
                {
                    _paths.Enqueue(request.Split(' ')[1].TrimStart('/'));
                }

                await stream.WriteAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"u8.ToArray());
            }
            catch (IOException)
            {
                // Who asked is gone.
            }
        }
    }
}
