using System.Globalization;

namespace ClaudeTasks.Model;

/// <summary>Moments as people read them.</summary>
internal static class MomentText
{
    /// <summary>A moment in local time, with its day where that is not today's; nothing where there is none.</summary>
    public static string Of(DateTime? utc) => utc?.ToLocalTime() is { } local
        ? local.ToString(local.Date == DateTime.Today ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
        : "";
}
