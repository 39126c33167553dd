using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace ClaudeTasks.Loader;

/// <summary>
/// Holds the module's assemblies and what they bring with them apart from everybody else's, so that another module's SQLite never meets
/// ours. Only this assembly is in the default context, and it references nothing.
/// </summary>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly string Folder = Path.GetDirectoryName(typeof(ModuleLoadContext).Assembly.Location)!;
    private static readonly ModuleLoadContext Instance = new();

    private readonly AssemblyDependencyResolver _resolver = new(Path.Combine(Folder, "ClaudeTasks.dll"));

    private ModuleLoadContext()
        : base("ClaudeTasks")
    {
    }

    /// <summary>The assembly with the cmdlets.</summary>
    public static Assembly LoadModule() => Instance.LoadFromAssemblyPath(Path.Combine(Folder, "ClaudeTasks.dll"));

    /// <summary>What a detached worker's process does; returns when the worker's tasks have ended.</summary>
    /// <param name="id">The worker's id.</param>
    public static void RunWorker(string id)
    {
        var run = LoadModule().GetType("ClaudeTasks.Pipeline.ModuleWorker", throwOnError: true)!.GetMethod("RunAsync")!;
        ((Task)run.Invoke(null, [Guid.Parse(id)])!).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? NativeLibrary.Load(path) : 0;
}
