namespace ClaudeTasks.Git;

/// <summary>What a task did to one path, renames taken apart.</summary>
/// <param name="RawPath">The path's bytes, one character each, as git's machine formats take them back.</param>
/// <param name="Base">What was there before.</param>
/// <param name="Result">What the task left there.</param>
internal sealed record PathChange(string RawPath, TreeEntry Base, TreeEntry Result);
