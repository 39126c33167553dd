using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace ClaudeTasks.HelpBuilder;

/// <summary>A parameter as its attributes have it, and what the sources say of it.</summary>
internal sealed class ParameterFacts
{
    /// <summary>What PowerShell calls all sets together.</summary>
    public const string AllSets = ParameterAttribute.AllParameterSets;

    private readonly Dictionary<string, ParameterUse> _bySet;

    /// <param name="property">The property behind it.</param>
    /// <param name="cmdlet">A fresh cmdlet, whose properties have their defaults.</param>
    /// <param name="comments">What the sources say.</param>
    public ParameterFacts(PropertyInfo property, object cmdlet, CodeComments comments)
        : this(property.Name, property.PropertyType, comments.Of(property), [.. property.All<ParameterAttribute>().Select(ParameterUse.Of)])
    {
        Aliases = [.. property.All<AliasAttribute>().SelectMany(alias => alias.Given()).Cast<string>()];
        TakesWildcards = property.All<SupportsWildcardsAttribute>().Any();
        Values = Type.IsEnum
            ? Enum.GetNames(Type)
            : [.. property.All<ValidateSetAttribute>().SelectMany(values => values.Given()).Cast<string>()];
        Default = IsAlwaysMandatory ? null : Text(property.GetValue(cmdlet));
    }

    /// <summary>One that PowerShell itself adds.</summary>
    public ParameterFacts(string name, Type type, string description, params string[] aliases)
        : this(name, type, [description], [new ParameterUse(AllSets)])
    {
        Aliases = aliases;
        Default = type == typeof(SwitchParameter) ? "False" : null;
    }

    private ParameterFacts(string name, Type type, IReadOnlyList<string> description, ParameterUse[] uses)
    {
        (Name, Description) = (name, description);
        Type = Nullable.GetUnderlyingType(type) ?? type;
        IsList = Type.IsArray;
        Type = IsList ? Type.GetElementType()! : Type;
        _bySet = uses.ToDictionary(use => use.Set, StringComparer.Ordinal);
    }

    public string Name { get; }

    public IReadOnlyList<string> Description { get; }

    public IReadOnlyList<string> Aliases { get; } = [];

    public bool TakesWildcards { get; }

    /// <summary>The only values it takes, where these can be named.</summary>
    public IReadOnlyList<string> Values { get; } = [];

    public bool IsSwitch => Type == typeof(SwitchParameter);

    public bool IsList { get; }

    public string TypeName => Type.Name + (IsList ? "[]" : "");

    public string FullTypeName => Type.FullName + (IsList ? "[]" : "");

    public string? Default { get; }

    public IEnumerable<string> Sets => _bySet.Keys;

    private Type Type { get; }

    private bool IsAlwaysMandatory => _bySet.Values.All(use => use.IsMandatory);

    public bool IsIn(string set) => _bySet.ContainsKey(set) || _bySet.ContainsKey(AllSets);

    /// <summary>How it is used in one set; where none is named, what holds in one of them at least.</summary>
    public ParameterUse In(string? set) => set is not null ? _bySet.GetValueOrDefault(set) ?? _bySet[AllSets] : new ParameterUse(
        AllSets,
        IsAlwaysMandatory,
        _bySet.Values.Max(use => use.Position),
        _bySet.Values.Any(use => use.IsByValue),
        _bySet.Values.Any(use => use.IsByPropertyName));

    private static string? Text(object? value) => value switch
    {
        null or "" or DateTime { Ticks: 0 } => null,
        string text => text,
        SwitchParameter => "False",
        IDictionary or Array { Length: 0 } => null,
        IEnumerable items => string.Join(", ", items.Cast<object>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
