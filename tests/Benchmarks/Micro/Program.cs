using System.Text.Json;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using ClaudeTasks.Benchmarks;

// The scripts beside this project ask for one comparison, and get its figures as one line of JSON. All else is for BenchmarkDotNet.
switch (args)
{
    case ["naive", var megabytes, var seconds]:
        Print(NaiveColumn.Compare(double.Parse(megabytes), TimeSpan.FromSeconds(double.Parse(seconds))));
        return 0;
    case ["repository", var folder, var files]:
        await LargeRepository.MakeAsync(folder, int.Parse(files));
        return 0;
    case ["diff", var folder, var changes, var kinds, var rounds]:
        Print(await DiffCost.CompareAsync(folder, int.Parse(changes), kinds == "mixed", int.Parse(rounds)));
        return 0;
    case ["untracked", var folder, var megabytes, var rounds]:
        Print(await DiffCost.CompareUntrackedAsync(folder, int.Parse(megabytes), int.Parse(rounds)));
        return 0;
    default:
        // In this process: BenchmarkDotNet would otherwise write, restore and build a project for each run. What it reports goes where
        // builds go.
        var config = DefaultConfig.Instance.WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "BenchmarkDotNet.Artifacts"));
        var runs = BenchmarkSwitcher.FromAssembly(typeof(LineBenchmarks).Assembly).Run([.. args, "--inProcess"], config);
        var reports = runs.SelectMany(run => run.Reports).ToList();
        return reports.Count > 0 && reports.All(report => report.Success) ? 0 : 1;
}

static void Print<T>(T figures) => Console.WriteLine(JsonSerializer.Serialize(figures));
