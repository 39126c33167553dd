using System.Text;
using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>The tools that work on files.</summary>
internal static class FileTools
{
    public static ToolOutcome Write(string file, string content)
    {
        var path = Prepare(file);
        var original = File.Exists(path) ? File.ReadAllText(path) : null;
        File.WriteAllText(path, content);
        var message = original is null ? $"File created successfully at: {path}" : $"The file {path} has been updated successfully.";
        return ToolOutcome.Success(message, writer =>
        {
            writer.WriteString("type", original is null ? "create" : "update");
            writer.WriteString("filePath", path);
            writer.WriteString("content", content);
            WriteChange(writer, original);
        });
    }

    /// <summary>Replaces the first occurrence; an empty old text appends, which the real tool does not offer.</summary>
    public static ToolOutcome Edit(string file, string oldText, string newText)
    {
        var path = Path.GetFullPath(file);
        var original = File.ReadAllText(path);
        var start = oldText.Length > 0 ? original.IndexOf(oldText, StringComparison.Ordinal) : original.Length;
        if (start < 0)
            return ToolOutcome.Failure($"String to replace not found in file.\nString: {oldText}");
        File.WriteAllText(path, string.Concat(original.AsSpan(0, start), newText, original.AsSpan(start + oldText.Length)));
        return ToolOutcome.Success($"The file {path} has been updated successfully.", writer =>
        {
            writer.WriteString("filePath", path);
            writer.WriteString("oldString", oldText);
            writer.WriteString("newString", newText);
            writer.WriteBoolean("replaceAll", false);
            WriteChange(writer, original);
        });
    }

    public static ToolOutcome Read(string file)
    {
        var path = Path.GetFullPath(file);
        var content = File.ReadAllText(path);
        var numbered = new StringBuilder();
        var lines = 0;
        foreach (var line in content.AsSpan().EnumerateLines())
            numbered.Append(++lines).Append('\t').Append(line).Append('\n');
        return ToolOutcome.Success(numbered.ToString(), writer =>
        {
            writer.WriteString("type", "text");
            writer.WriteStartObject("file");
            writer.WriteString("filePath", path);
            writer.WriteString("content", content);
            writer.WriteNumber("numLines", lines);
            writer.WriteNumber("startLine", 1);
            writer.WriteNumber("totalLines", lines);
            writer.WriteEndObject();
        });
    }

    public static ToolOutcome Delete(string file)
    {
        var path = Path.GetFullPath(file);
        if (!File.Exists(path))
            return ToolOutcome.Failure($"File does not exist: {path}");
        File.Delete(path);
        return ToolOutcome.Success($"The file {path} has been deleted.", writer =>
        {
            writer.WriteString("type", "delete");
            writer.WriteString("filePath", path);
        });
    }

    public static void Move(string from, string to)
    {
        var target = Prepare(to);
        if (Directory.Exists(from))
            Directory.Move(from, target);
        else
            File.Move(from, target, overwrite: true);
    }

    public static void SetExecutable(string path, bool executable)
    {
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode All = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var mode = File.GetUnixFileMode(path);
        File.SetUnixFileMode(path, executable ? mode | All : mode & ~All);
    }

    private static string Prepare(string file)
    {
        var path = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private static void WriteChange(Utf8JsonWriter writer, string? original)
    {
        writer.WriteString("originalFile", original);
        writer.WriteEmptyArray("structuredPatch");
        writer.WriteBoolean("userModified", false);
    }
}
