using System.Text;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>Standard error as UTF-8 whatever the locale is; Console.Error would also cost start-up time.</summary>
internal static class ErrorOutput
{
    public static void WriteLine(string text)
    {
        using var stream = Console.OpenStandardError();
        stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
    }
}
