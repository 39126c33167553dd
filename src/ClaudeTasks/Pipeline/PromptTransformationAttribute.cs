using System.Management.Automation;

namespace ClaudeTasks.Pipeline;

/// <summary>A prompt is text. A file or any other object that is piped by mistake must not become one by its name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PromptTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if ((inputData is PSObject wrapper ? wrapper.BaseObject : inputData) is string prompt)
        {
            return prompt;
        }

        // The inner exception lets the binder go on from the object itself to its properties.
        var message = $"A prompt must be text, not a {inputData?.GetType().Name ?? "null"}. "
            + "Pass -Prompt, or pipe strings or objects with a Prompt property.";
        throw new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
    }
}
