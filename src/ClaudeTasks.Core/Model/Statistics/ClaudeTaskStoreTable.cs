namespace ClaudeTasks.Model;

/// <summary>What a repair made of one table of the store.</summary>
/// <param name="Name">The table.</param>
/// <param name="Saved">How many rows are in the repaired store.</param>
/// <param name="Lost">How many rows could not be saved; null when some are lost and nothing that can be read tells how many.</param>
public sealed record ClaudeTaskStoreTable(string Name, long Saved, long? Lost);
