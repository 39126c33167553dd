using System.Management.Automation;
using System.Reflection;

namespace ClaudeTasks.HelpBuilder;

/// <summary>A cmdlet as it was compiled.</summary>
internal sealed class CmdletFacts
{
    public CmdletFacts(Type type, CodeComments comments)
    {
        var attribute = type.All<CmdletAttribute>().Single();
        (Verb, Noun) = ((string)attribute.Given().First()!, (string)attribute.Given().Last()!);
        Synopsis = string.Join(' ', comments.Of(type));
        var cmdlet = Activator.CreateInstance(type)!;
        Parameters =
        [
            .. type.GetProperties()
                .Where(property => property.All<ParameterAttribute>().Any())
                .OrderBy(property => property.Name, StringComparer.Ordinal)
                .Select(property => new ParameterFacts(property, cmdlet, comments))
                .Concat(Added(attribute)),
        ];
        // The default one may be that of no parameter.
        var ofDefault = attribute.Named<string>(nameof(CmdletAttribute.DefaultParameterSetName));
        var named = Parameters.SelectMany(parameter => parameter.Sets)
            .Append(ofDefault ?? ParameterFacts.AllSets)
            .Where(set => set != ParameterFacts.AllSets);
        Sets = [.. named.Distinct().OrderByDescending(set => set == ofDefault).ThenBy(set => set, StringComparer.Ordinal)];
        Outputs =
        [
            .. type.All<OutputTypeAttribute>().SelectMany(output => output.Given()).Cast<Type>()
                .Where(output => output != typeof(void)).Select(output => output.FullName!).Distinct(),
        ];
    }

    public string Name => $"{Verb}-{Noun}";

    public string Verb { get; }

    public string Noun { get; }

    public string Synopsis { get; }

    /// <summary>Its own by name, then what PowerShell adds.</summary>
    public IReadOnlyList<ParameterFacts> Parameters { get; }

    /// <summary>The parameter sets, the default one first; none where there is only one.</summary>
    public IReadOnlyList<string> Sets { get; }

    /// <summary>Full names of the types it writes.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>What PowerShell adds to some cmdlets.</summary>
    private static IEnumerable<ParameterFacts> Added(CustomAttributeData attribute)
    {
        if (attribute.Named<bool>(nameof(CmdletAttribute.SupportsPaging)))
        {
            yield return new("First", typeof(ulong), "Only this many, from the oldest on.");
            yield return new("Skip", typeof(ulong), "Leaves out this many, from the oldest on.");
            yield return new("IncludeTotalCount", typeof(SwitchParameter), "Writes first how many there are without -First and -Skip.");
        }

        if (attribute.Named<bool>(nameof(CmdletAttribute.SupportsShouldProcess)))
        {
            yield return new("Confirm", typeof(SwitchParameter), "Asks before anything is done.", "cf");
            yield return new("WhatIf", typeof(SwitchParameter), "Shows what would be done, and does nothing.", "wi");
        }
    }
}
