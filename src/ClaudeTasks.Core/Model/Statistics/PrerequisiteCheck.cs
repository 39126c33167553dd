namespace ClaudeTasks.Model;

/// <summary>The answer of one check: of those that are made before a task runs, or of those on the store.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Passed">Whether it is as it must be.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Fix">What to do where it is not; null where there is nothing to do.</param>
public sealed record PrerequisiteCheck(string Name, bool Passed, string Detail, string? Fix = null);
