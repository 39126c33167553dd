using System.Text;
using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.Support;

/// <summary>An event's line as the store gives it back.</summary>
internal static class StoredLine
{
    public static byte[]? Of(EventDraft draft)
    {
        var kept = draft.Pack();
        var text = kept.Text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(kept.Text));
        return new ClaudeTaskEvent(1, Guid.Empty, 1, kept.Time, kept.Kind, text, kept.Raw, kept.UnpackedSize, kept.TextAt).GetRawBytes();
    }
}
