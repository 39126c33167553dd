namespace ClaudeTasks.Model;

/// <summary>A changed file with its patch.</summary>
/// <param name="Change">The file.</param>
/// <param name="Patch">The patch as people read it.</param>
/// <param name="BinaryPatch">The same as a binary patch, where the other is not UTF-8; null where it is.</param>
internal sealed record FileDiff(ClaudeTaskChange Change, ReadOnlyMemory<byte> Patch, byte[]? BinaryPatch);
