using System.Reflection;

namespace ClaudeTasks.HelpBuilder;

/// <summary>
/// What is written in attributes. PowerShell's own are read as data: the assembly one compiles against has them, but they remember nothing.
/// </summary>
internal static class AttributeReading
{
    public static IEnumerable<CustomAttributeData> All<TAttribute>(this MemberInfo member) =>
        member.GetCustomAttributesData().Where(data => data.AttributeType == typeof(TAttribute));

    public static T? Named<T>(this CustomAttributeData data, string name) =>
        data.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value is T value ? value : default;

    /// <summary>The arguments of the constructor, those of a list one by one.</summary>
    public static IEnumerable<object?> Given(this CustomAttributeData data) => data.ConstructorArguments.SelectMany(argument =>
        argument.Value is IEnumerable<CustomAttributeTypedArgument> list ? list.Select(item => item.Value) : [argument.Value]);
}
