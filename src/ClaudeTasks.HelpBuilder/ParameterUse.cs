using System.Management.Automation;
using System.Reflection;

namespace ClaudeTasks.HelpBuilder;

/// <summary>How a parameter is used in one set of parameters, or in all.</summary>
/// <param name="Set">The set.</param>
/// <param name="IsMandatory">Whether it must be given.</param>
/// <param name="Position">Its position; null where it goes by its name alone.</param>
/// <param name="IsByValue">Whether it takes what is piped.</param>
/// <param name="IsByPropertyName">Whether it takes the property of its name of what is piped.</param>
internal sealed record ParameterUse(
    string Set, bool IsMandatory = false, int? Position = null, bool IsByValue = false, bool IsByPropertyName = false)
{
    /// <summary>In the words of MAML.</summary>
    public string Pipeline => (IsByValue, IsByPropertyName) switch
    {
        (true, true) => "True (ByValue, ByPropertyName)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    public static ParameterUse Of(CustomAttributeData data) => new(
        data.Named<string>(nameof(ParameterAttribute.ParameterSetName)) ?? ParameterFacts.AllSets,
        data.Named<bool>(nameof(ParameterAttribute.Mandatory)),
        data.Named<int?>(nameof(ParameterAttribute.Position)),
        data.Named<bool>(nameof(ParameterAttribute.ValueFromPipeline)),
        data.Named<bool>(nameof(ParameterAttribute.ValueFromPipelineByPropertyName)));
}
