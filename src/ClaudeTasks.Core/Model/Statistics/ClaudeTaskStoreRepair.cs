namespace ClaudeTasks.Model;

/// <summary>What a repair of the store saved, and what was lost.</summary>
/// <param name="Path">The store's file, good again.</param>
/// <param name="KeptAs">The file as it was before, kept beside it; its log, if it had one, has the same name with <c>-wal</c>.</param>
/// <param name="Tables">What became of each table's rows.</param>
/// <param name="Mended">What was made up or taken out so that the rows fit together again, in words; empty when nothing was.</param>
public sealed record ClaudeTaskStoreRepair(
    string Path, string KeptAs, IReadOnlyList<ClaudeTaskStoreTable> Tables, IReadOnlyList<string> Mended);
