using System.Management.Automation;
using System.Reflection;
using ClaudeTasks.HelpBuilder;

// Arguments: the assembly with the cmdlets, the folder with a page for each of them, the file to write.
if (args is not [var assemblyPath, var pages, var output])
{
    Console.Error.WriteLine("usage: ClaudeTasks.HelpBuilder ASSEMBLY PAGES OUTPUT");
    return 2;
}

var comments = new CodeComments(Path.ChangeExtension(assemblyPath, ".xml"));
var cmdlets = new List<(CmdletFacts, HelpPage)>();
var errors = 0;
foreach (var type in Assembly.LoadFrom(Path.GetFullPath(assemblyPath)).GetExportedTypes().Where(type => type.All<CmdletAttribute>().Any()))
{
    try
    {
        var cmdlet = new CmdletFacts(type, comments);
        cmdlets.Add((cmdlet, HelpPage.Read(Path.Combine(pages, cmdlet.Name + ".md"), cmdlet)));
    }
    catch (HelpException e)
    {
        // The form in which MSBuild takes a line for an error of the build.
        Console.Error.WriteLine($"{e.File} : error HELP001: {e.Message}");
        errors++;
    }
}

if (errors == 0)
{
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
    MamlWriter.Write(output, cmdlets.OrderBy(item => item.Item1.Name, StringComparer.Ordinal));
}

return Math.Min(errors, 1);
